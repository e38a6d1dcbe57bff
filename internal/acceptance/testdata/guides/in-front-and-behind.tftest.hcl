mock_provider "aws" {
  mock_data "aws_eks_cluster" {
    defaults = { vpc_config = [{ cluster_security_group_id = "sg-0aaaaaaaaaaaaaaa0" }] }
  }
}

variables {
  vpc_id     = "vpc-0123456789abcdef0"
  subnet_ids = ["subnet-0123456789abcdef0"]
}

run "in_front_and_behind" {
  command = plan

  assert {
    condition = keys(aws_vpc_security_group_ingress_rule.this) == [
      "10.0.5.0/28-to-canopsis/tcp-15672",
      "10.0.5.0/28-to-canopsis/tcp-22",
      "10.0.5.0/28-to-mongodb/tcp-22",
      "10.20.0.0/16-to-load_balancer/tcp-443",
      "amqp_event_sources-to-canopsis/tcp-5672",
      "canopsis-to-mongodb/tcp-27017",
      "canopsis-to-postgresql/tcp-5432",
      "canopsis-to-redis/tcp-6379",
      "load_balancer-to-canopsis/tcp-8443",
    ]
    error_message = "It opens ${join(", ", keys(aws_vpc_security_group_ingress_rule.this))}."
  }
}
