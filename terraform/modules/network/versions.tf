terraform {
  required_version = ">= 1.7"

  required_providers {
    aws = {
      source = "hashicorp/aws"
      # 5.83 brought aws_vpc_endpoint.service_region, which reaches Route 53 from other regions.
      version = ">= 5.83"
    }
  }
}
