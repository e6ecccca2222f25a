import Testing
@Suite struct AWSClientTestsStub { @Test func stub() {} }
