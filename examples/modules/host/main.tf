locals {
  # Endpoints with which the host has to do, with the flows that need them. Rules of
  # another form are left to the function, which says what they lack.
  needed = try({
    for endpoint in toset(flatten([for rule in values(var.rules) : [rule.source, rule.destination] if contains([rule.source, rule.destination], var.host)])) :
    endpoint => distinct([for rule in values(var.rules) : rule.flow if length(setsubtract([endpoint, var.host], [rule.source, rule.destination])) == 0])
    if endpoint != var.host
  }, {})

  firewall = provider::canopsis::nftables_ruleset(var.rules, var.bindings, var.host, var.options)
  script   = file("${path.module}/canopsis-nft-apply.sh")
  unit     = file("${path.module}/canopsis-nft.service")
  sudo     = var.user == "root" ? "" : "sudo "
  folder   = ".canopsis-nft" # of the user's own: nobody else may write there
}

# Three steps, each over a connection of its own: the files, the load, which arms a
# timer before anything changes, and the confirmation. Where the third does not get
# in, the apply fails and the host takes the ruleset back by itself.
resource "terraform_data" "ruleset" {
  triggers_replace = {
    ruleset = sha256(local.firewall.ruleset)
    script  = sha256(local.script)
    unit    = var.boot ? sha256(local.unit) : ""
    address = var.address
  }

  connection {
    type        = "ssh"
    host        = var.address
    port        = var.port
    user        = var.user
    private_key = var.private_key
    host_key    = var.host_key
    timeout     = "2m"
  }

  provisioner "remote-exec" {
    inline = ["umask 077 && mkdir -p ${local.folder}"]
  }

  provisioner "file" {
    content     = local.script
    destination = "${local.folder}/canopsis-nft-apply.sh"
  }

  provisioner "file" {
    content     = local.unit
    destination = "${local.folder}/canopsis-nft.service"
  }

  provisioner "file" {
    content     = local.firewall.ruleset
    destination = "${local.folder}/ruleset.nft"
  }

  provisioner "remote-exec" {
    inline = ["${local.sudo}sh ${local.folder}/canopsis-nft-apply.sh load ${local.folder}/ruleset.nft ${var.confirm_within}"]
  }

  # Only what a new connection says is worth anything.
  provisioner "remote-exec" {
    inline = concat(
      [
        "set -e", # or the last command's status alone would count
        "${local.sudo}sh ${local.folder}/canopsis-nft-apply.sh confirm",
      ],
      var.boot ? [
        "${local.sudo}cp ${local.folder}/canopsis-nft.service /etc/systemd/system/canopsis-nft.service",
        "${local.sudo}systemctl daemon-reload && ${local.sudo}systemctl enable --quiet canopsis-nft.service",
        ] : [ # what an earlier apply enabled would load it all the same
        "! systemctl is-enabled --quiet canopsis-nft.service 2>/dev/null || ${local.sudo}systemctl disable --quiet canopsis-nft.service",
      ],
    )

    connection {
      type        = "ssh"
      host        = var.address
      port        = var.port
      user        = var.user
      private_key = var.private_key
      host_key    = var.host_key
      timeout     = "${var.confirm_within}s"
    }
  }
}
