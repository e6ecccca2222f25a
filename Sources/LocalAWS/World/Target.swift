/// What record sets lead to: a load balancer with its name, region and addresses.
package struct Target: Sendable, Equatable {
    /// DNS answers with at most this many addresses of a load balancer, whatever it has.
    package static let mostAddressesInAnswer = 8

    package var name: DNSName
    package var region: String
    package var addresses: [String]
    /// For an answer that changes from time to time, as a large balancer's does: where in the
    /// addresses it begins.
    package var rotation = 0

    package init(name: DNSName, region: String, addresses: [String]) {
        self.name = name
        self.region = region
        self.addresses = addresses
    }

    package var answer: [String] {
        guard addresses.count > Self.mostAddressesInAnswer else { return addresses }
        let start = (rotation % addresses.count + addresses.count) % addresses.count
        return Array((addresses[start...] + addresses[..<start]).prefix(Self.mostAddressesInAnswer))
    }
}
