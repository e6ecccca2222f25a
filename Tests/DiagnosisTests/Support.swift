/// Credentials that open nothing, and no retries.
let credentials = [
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_LAMBDA_FUNCTION_NAME": "test",
    "AWS_MAX_ATTEMPTS": "1",
]

/// The least that a function needs, with some variables set, or with nil removed.
func environment(_ changes: [String: String?]) -> [String: String] {
    let least = [
        "HOSTED_ZONE_ID": "Z0123456789ABCDEFGHIJ", "DNS_NAME": "app.example.com",
        "GLOBAL_DATASTORE_ID": "ldgnf-sessions",
    ]
    return least.merging(changes.compactMapValues { $0 }) { _, new in new }
        .filter { variable, _ in changes[variable] != .some(nil) }
}
