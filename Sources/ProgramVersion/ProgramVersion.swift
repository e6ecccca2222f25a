internal import CCommit

/// The version of the program.
package let promoterVersion = "0.1.0"

/// Version and commit, for `--version`, the start-up log line and the user agent: `0.1.0+3f2a91c0d1e2`, or
/// `0.1.0+development` where the build was not told a commit.
package let promoterBuild: String = {
    let commit = String(cString: promoter_commit())
    return "\(promoterVersion)+\(commit.isEmpty ? "development" : commit)"
}()
