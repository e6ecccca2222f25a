/// An environment as lines that a shell can `eval`.
package enum ShellExport {
    package static func lines(of environment: [String: String]) -> String {
        "unset \(LocalAWS.variablesToUnset.joined(separator: " "))\n"
            + environment.sorted { $0.key < $1.key }
            .map { "export \($0.key)='\($0.value.replacing("'", with: "'\\''"))'\n" }
            .joined()
    }
}
