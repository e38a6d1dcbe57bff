output "ruleset" {
  description = "Text that is loaded."
  value       = local.firewall.ruleset
}

output "result" {
  description = "What `nftables_ruleset` returned: the ruleset, and `unenforced`."
  value       = local.firewall
}

output "unenforced" {
  description = "Rules that the host does not enforce, with the reason."
  value       = local.firewall.unenforced
}

output "cloud_init" {
  description = "User data for a new machine, which has the ruleset from its first boot on. Most clouds take 16 KiB of it."
  value = "#cloud-config\n${yamlencode({
    write_files = [
      { path = "/etc/canopsis-nft/ruleset.nft", permissions = "0600", content = local.firewall.ruleset },
      { path = "/etc/systemd/system/canopsis-nft.service", permissions = "0644", content = local.unit },
    ]
    runcmd = [["systemctl", "daemon-reload"], ["systemctl", "enable", "--now", "canopsis-nft.service"]]
  })}"
}
