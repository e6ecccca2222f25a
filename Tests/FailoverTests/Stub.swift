import Testing
@Suite struct FailoverTestsStub { @Test func stub() {} }
