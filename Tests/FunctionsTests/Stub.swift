import Testing
@Suite struct FunctionsTestsStub { @Test func stub() {} }
