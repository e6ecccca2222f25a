import ArgumentParser
import Functions

/// In Lambda the command line is the function: the original tool is one binary for both, too.
@main
enum Main {
    static func main() async {
        let environment = LambdaMain.environment
        if let address = environment["AWS_LAMBDA_RUNTIME_API"], !address.isEmpty {
            LambdaMain.run(address: address, environment: environment)
        }
        await PromoterCommand.main()
    }
}
