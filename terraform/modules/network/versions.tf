terraform {
  required_version = ">= 1.9" # validations that look at other variables

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # With aws_vpc_endpoint.service_region, which reaches Route 53 from other regions.
      version = ">= 5.90"
    }
  }
}
