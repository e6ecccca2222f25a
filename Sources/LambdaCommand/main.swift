import Functions

LambdaMain.run()
