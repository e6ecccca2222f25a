print("local-aws")
