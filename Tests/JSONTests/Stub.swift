import Testing
@Suite struct JSONTestsStub { @Test func stub() {} }
