extension AWSError {
    /// A list that is read by pages does not come to its end.
    ///
    /// - Parameter activity: service and operation.
    static func endlessPages(of activity: String) -> AWSError {
        var error = AWSError(.unexpectedAnswer, "its pages do not end: the same place came twice, or too many came")
        error.activity = activity
        return error
    }
}
