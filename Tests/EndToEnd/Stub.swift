import Testing
@Suite struct EndToEndStub { @Test func stub() {} }
