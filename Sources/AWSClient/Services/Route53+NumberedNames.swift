extension Route53 {
    /// 300 a page. Names below those that are wanted (`a.read1`) stand between them, and need not be few.
    private static let maximumPagesOfNumbers = 40

    /// The record sets of all names of a zone that are a name with a number behind its first label: of
    /// `read.example.com`, those of `read1.example.com`, `read2.example.com`, of every type.
    ///
    /// They stand together in the list of a zone, whichever way Route 53 sorts what it writes as octal escapes: by the
    /// bytes of the labels in reverse order, which up to the number are the same in all of them. So it is read from number
    /// 1 to the first name that goes on with anything but a digit.
    ///
    /// - Parameters:
    ///   - hostedZoneID: with or without `/hostedzone/` before it.
    ///   - name: in any case, with or without final dot.
    /// - Returns: in the order of the list. None has a number that begins with a zero: these stand before number 1.
    package func listResourceRecordSets(
        hostedZoneID: String, numberedAfter name: String, deadline: ContinuousClock.Instant
    ) async throws(AWSError) -> [ResourceRecordSet] {
        let names = NumberedNames(after: name)
        var position = RecordSetScan.Position(name: names.name(1))
        var found: [ResourceRecordSet] = []
        for _ in 0..<Self.maximumPagesOfNumbers {
            let (sets, next) = try await page(zone: Self.bareID(hostedZoneID), from: position, deadline: deadline)
            found += sets.filter { names.contains($0.name) }
            guard let next, names.canFollow(on: next.name) else { return found }
            guard next != position else { break }
            position = next
        }
        throw AWSError.endlessPages(of: "Route 53 ListResourceRecordSets")
    }
}
