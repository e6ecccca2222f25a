print("promoter")
