import Testing
@Suite struct HTTPTransportTestsStub { @Test func stub() {} }
