import Testing
@Suite struct LambdaRuntimeTestsStub { @Test func stub() {} }
