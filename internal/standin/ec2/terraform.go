package ec2

import (
	"fmt"
	"os"
)

// ProviderBlock returns the provider "aws" block, in HCL, that points the AWS
// provider at the stand-in. It keeps the provider's own retries: a shorter limit
// would hide what they cover.
func (s *Server) ProviderBlock() string {
	return fmt.Sprintf(`provider "aws" {
  region     = %[1]q
  access_key = "stand-in"
  secret_key = "stand-in"

  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  endpoints {
    ec2 = %[2]q
    iam = %[2]q
    sts = %[2]q
  }
}
`, Region, s.URL)
}

// Environment returns what Terraform's environment must hold beside the
// provider block, so that the AWS provider reads nobody's configuration and
// asks no metadata service.
func (s *Server) Environment() map[string]string {
	return map[string]string{
		"AWS_EC2_METADATA_DISABLED":   "true",
		"AWS_CONFIG_FILE":             os.DevNull,
		"AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
		"AWS_PROFILE":                 "", // a named profile would be looked for in the null device
	}
}
