import Testing
@Suite struct LocalAWSTestsStub { @Test func stub() {} }
