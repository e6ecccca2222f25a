/// The version of the program, for `--version`, the start-up log line and the user agent.
package let promoterVersion = "0.1.0"
