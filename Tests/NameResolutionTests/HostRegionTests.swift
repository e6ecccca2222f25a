import NameResolution
import Testing

@Suite("The region in a host name")
struct HostRegionTests {
    static let targets = [
        // Application and Classic Load Balancer
        ("app-1234567890.us-east-1.elb.amazonaws.com", "us-east-1"),
        ("internal-app-1234567890.eu-west-1.elb.amazonaws.com", "eu-west-1"),
        ("dualstack.app-1234567890.ap-southeast-2.elb.amazonaws.com", "ap-southeast-2"),
        ("dualstack.internal-app-1234567890.us-gov-west-1.elb.amazonaws.com", "us-gov-west-1"),
        ("ipv6.app-1234567890.us-east-1.elb.amazonaws.com", "us-east-1"),
        ("app-1234567890.cn-north-1.elb.amazonaws.com.cn", "cn-north-1"),
        ("dualstack.app-1234567890.cn-northwest-1.elb.amazonaws.com.cn", "cn-northwest-1"),
        ("app-1234567890.eusc-de-east-1.elb.amazonaws.eu", "eusc-de-east-1"),
        ("app-1234567890.us-iso-east-1.elb.c2s.ic.gov", "us-iso-east-1"),
        ("app-1234567890.us-isob-east-1.elb.sc2s.sgov.gov", "us-isob-east-1"),
        ("app-1234567890.eu-isoe-west-1.elb.cloud.adc-e.uk", "eu-isoe-west-1"),
        ("app-1234567890.us-isof-south-1.elb.csp.hci.ic.gov", "us-isof-south-1"),
        // Network Load Balancer
        ("app-0123456789abcdef.elb.eu-central-1.amazonaws.com", "eu-central-1"),
        ("eu-central-1a.app-0123456789abcdef.elb.eu-central-1.amazonaws.com", "eu-central-1"),
        ("dualstack.app-0123456789abcdef.elb.eu-central-1.amazonaws.com", "eu-central-1"),
        ("app-0123456789abcdef.elb.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        // API Gateway, VPC endpoint, website
        ("d-abc123.execute-api.us-west-2.amazonaws.com", "us-west-2"),
        ("d-abc123.execute-api.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("vpce-0a1b-x1y2.execute-api.us-east-2.vpce.amazonaws.com", "us-east-2"),
        ("vpce-0a1b-x1y2-us-east-2a.vpce-svc-0c.us-east-2.vpce.amazonaws.com", "us-east-2"),
        ("vpce-0a1b-x1y2.dkr.ecr.us-gov-east-1.vpce.amazonaws.com", "us-gov-east-1"),
        ("vpce-0a1b-x1y2.ec2.cn-north-1.vpce.amazonaws.com.cn", "cn-north-1"),
        ("s3-website-us-east-1.amazonaws.com", "us-east-1"),
        ("s3-website-us-gov-west-1.amazonaws.com", "us-gov-west-1"),
        ("s3-website.eu-central-1.amazonaws.com", "eu-central-1"),
        ("s3-website.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1"),
        ("www.example.org.s3-website-sa-east-1.amazonaws.com", "sa-east-1"),
        ("www.example.co.uk.s3-website.eu-west-2.amazonaws.com", "eu-west-2"),
        // Elastic Beanstalk, AppSync, App Runner, Lambda URL
        ("env.us-east-1.elasticbeanstalk.com", "us-east-1"),
        ("env.eba-a1b2c3d4.us-west-2.elasticbeanstalk.com", "us-west-2"),
        ("env.cn-north-1.elasticbeanstalk.com.cn", "cn-north-1"),
        ("abc.appsync-api.ap-northeast-1.amazonaws.com", "ap-northeast-1"),
        ("abc.us-east-1.awsapprunner.com", "us-east-1"),
        ("abc.lambda-url.eu-north-1.on.aws", "eu-north-1"),
        // RDS and Aurora
        ("db.abc123.us-east-1.rds.amazonaws.com", "us-east-1"),
        ("c.cluster-abc123.eu-west-3.rds.amazonaws.com", "eu-west-3"),
        ("c.cluster-ro-abc123.us-gov-west-1.rds.amazonaws.com", "us-gov-west-1"),
        ("reader.endpoint.proxy-abc123.us-east-1.rds.amazonaws.com", "us-east-1"),
        ("db.abc123.rds.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ("c.cluster-abc123.cn-northwest-1.rds.amazonaws.com.cn", "cn-northwest-1"),
        // ElastiCache
        ("rg.abc123.ng.0001.use1.cache.amazonaws.com", "us-east-1"),
        ("rg-ro.abc123.ng.0001.euw1.cache.amazonaws.com", "eu-west-1"),
        ("rg-001.abc123.0001.usw2.cache.amazonaws.com", "us-west-2"),
        ("rg.abc123.clustercfg.apne1.cache.amazonaws.com", "ap-northeast-1"),
        ("rg-0001-001.abc123.0001.euc1.cache.amazonaws.com", "eu-central-1"),
        ("master.rg.abc123.usgw1.cache.amazonaws.com", "us-gov-west-1"),
        ("replica.rg.abc123.apse2.cache.amazonaws.com", "ap-southeast-2"),
        ("rg-001.rg.abc123.use2.cache.amazonaws.com", "us-east-2"),
        ("clustercfg.rg.abc123.sae1.cache.amazonaws.com", "sa-east-1"),
        ("rg-0001-001.rg.abc123.cac1.cache.amazonaws.com", "ca-central-1"),
        ("cache-abc123.serverless.use1.cache.amazonaws.com", "us-east-1"),
        ("master.rg.abc123.cnw1.cache.amazonaws.com.cn", "cn-northwest-1"),
        // A region of tomorrow
        ("app-1.ap-northwest-9.elb.amazonaws.com", "ap-northwest-9"),
        ("master.rg.abc123.zzse7.cache.amazonaws.com", "zz-southeast-7"),
    ]

    @Test("Each kind of target names its region, in any case, with and without final dot", arguments: targets)
    func region(host: String, region: String) {
        #expect(NameResolution.region(ofHost: host) == region)
        #expect(NameResolution.region(ofHost: host.uppercased() + ".") == region)
    }

    @Test("What stands before and after a target's name is not ignored", arguments: targets)
    func lookAlikes(host: String, region: String) {
        #expect(NameResolution.region(ofHost: host + ".example.org") == nil)
        #expect(NameResolution.region(ofHost: host + ".evil") == nil)
        #expect(NameResolution.region(ofHost: host + "..") == nil)
        #expect(NameResolution.region(ofHost: "." + host) == nil)
        #expect(
            NameResolution.region(ofHost: host.replacing(".amazonaws", with: ".evil-amazonaws")) != region
                || !host.contains(".amazonaws"))
        #expect(NameResolution.region(ofHost: host + ".cn") == nil)
        guard !host.contains("s3-website") else { return }
        #expect(NameResolution.region(ofHost: "a.b.c.d." + host) == nil)
    }

    @Test(
        "A global name, a foreign one and a damaged one have none",
        arguments: [
            "", ".", "..", "amazonaws.com", "example.org", "10.0.0.1", "us-east-1",
            // Global services
            "d111111abcdef8.cloudfront.net", "a1234567890abcdef.awsglobalaccelerator.com",
            "app.global-abc123.global.rds.amazonaws.com", "s3-website.amazonaws.com", "env.elasticbeanstalk.com",
            // Service endpoints
            "rds.us-east-1.amazonaws.com", "rds.cn-north-1.amazonaws.com.cn", "elasticache.us-east-1.amazonaws.com",
            "elb.us-east-1.amazonaws.com", "execute-api.us-east-1.amazonaws.com", "us-east-1.elb.amazonaws.com",
            "us-east-1.rds.amazonaws.com", "us-east-1.awsapprunner.com", "lambda-url.us-east-1.on.aws",
            // Evil suffixes and neighbours
            "x.elb.us-east-1.amazonaws.com.example.org", "x.us-east-1.elb.amazonaws.com.evil",
            "x.us-east-1.elb.evilamazonaws.com", "x.us-east-1.elb.amazonaws.org", "x.us-east-1.evilelb.amazonaws.com",
            "x.us-east-1.elb.amazonaws.com.cn.org", "x.us-east-1.elasticbeanstal\u{212A}.com",
            "x.us-east-1.elb.amazonaws.com\0", "x.us-east-1.elb.amazonaws.com ", "x\n.us-east-1.elb.amazonaws.com",
            #"x.us-east-1\056elb.amazonaws.com"#, "x.us-east-1.elb。amazonaws.com",
            // Wrong label counts
            "a.x.us-east-1.elb.amazonaws.com", "a.b.x.elb.us-east-1.amazonaws.com", "x.y.us-east-1.awsapprunner.com",
            "a.b.c.us-east-1.elasticbeanstalk.com", "x.y.lambda-url.us-east-1.on.aws",
            "a.b.c.d.us-east-1.rds.amazonaws.com", "rg.use1.cache.amazonaws.com", "a.rg.use1.cache.amazonaws.com",
            "a.b.c.d.e.use1.cache.amazonaws.com", "a.b.c.d.use1.cache.amazonaws.com", "a..us-east-1.elb.amazonaws.com",
            "x.svc.us-east-1.vpce.amazonaws.com", "vpce-.ec2.us-east-1.vpce.amazonaws.com",
            "vpce-1.us-east-1.vpce.amazonaws.com", "x.s3-website-us-east-1.y.amazonaws.com",
            // No regions by their form
            "x.us-east.elb.amazonaws.com", "x.us-east-.elb.amazonaws.com", "x.us-east-11.elb.amazonaws.com",
            "x.u-east-1.elb.amazonaws.com", "x.us--1.elb.amazonaws.com", "x.us-1.elb.amazonaws.com",
            "x.-us-east-1.elb.amazonaws.com", "x.us-ea5t-1.elb.amazonaws.com", "x.global.elb.amazonaws.com",
            "x.us-east-1a.elb.amazonaws.com", "s3-websiteus-east-1.amazonaws.com", "s3-website-.amazonaws.com",
            "master.rg.abc.us-east-1.cache.amazonaws.com", "master.rg.abc.xx1.cache.amazonaws.com",
            // Regions of another partition
            "x.us-east-1.elb.amazonaws.com.cn", "x.cn-north-1.elb.amazonaws.com", "x.eu-west-1.elb.amazonaws.eu",
            "x.eusc-de-east-1.elb.amazonaws.com", "master.rg.abc.use1.cache.amazonaws.com.cn",
            "master.rg.abc.cnn1.cache.amazonaws.com", "x.rds.us-east-1.amazonaws.com",
            "x.us-iso-east-1.elb.amazonaws.com",
        ])
    func none(host: String) {
        #expect(NameResolution.region(ofHost: host) == nil)
    }
}
