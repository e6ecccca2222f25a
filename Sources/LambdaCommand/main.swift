import Functions

await LambdaMain.run()
