import Testing
@Suite struct PromotionTestsStub { @Test func stub() {} }
