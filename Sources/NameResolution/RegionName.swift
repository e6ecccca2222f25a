/// Why `name` cannot be the region that a user means; nil where it can.
///
/// There is no list of regions here either: new ones appear. But each that there ever was has a direction before its
/// digit, and what has another word there (`us-esat-1`) is mistyped, which nobody would notice before an outage.
package func flaw(inRegionName name: String) -> String? {
    guard isRegionName(name) else { return "\(name.debugDescription) is no region" }
    let direction = name.split(separator: "-").dropLast().last ?? ""
    guard RegionCode.directions.values.contains(where: { $0 == direction }) else {
        return "\(name.debugDescription) is no region: \(direction.debugDescription) is no direction, such as east"
    }
    return nil
}
