import Testing
@Suite struct NameResolutionTestsStub { @Test func stub() {} }
