package firewall

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

const (
	kubernetesLabels        = "pod_labels"
	kubernetesNamespace     = "namespace"
	kubernetesPeerNamespace = "peer_namespace"
	kubernetesPeerLabels    = "peer_pod_labels"
)

// namespaceName is the label that the API server gives every namespace.
const namespaceName = "kubernetes.io/metadata.name"

// Kubernetes renders to NetworkPolicy of networking.k8s.io/v1. A policy is for one
// host and one direction, and is there whether it allows anything or not: a pod that
// no policy selects is open, so one that lost its last rule must keep its policy.
func Kubernetes() Target {
	return Target{
		Name:     "kubernetes",
		Function: "kubernetes_network_policies",
		Summary:  "Network policies of Kubernetes",
		Description: "Turns the matrix's rules into objects of `NetworkPolicy`, one for each host and direction, for `kubernetes_manifest`. " +
			"A host that nothing may reach has a policy all the same: pods that no policy selects are open. " +
			"No attribute of a `spec` is null or empty, which the cluster would read as everything. " +
			"Keys are the hosts' ids, known at plan; label values and named CIDRs need not be. " +
			"Ports are those on which the container listens, not the Service's: where they differ from the matrix, say so in the data source's `component_ports`. " +
			"The pods' own node always reaches them, pods on the host's network are not covered, and with `externalTrafficPolicy: Cluster` users arrive under a node's address. " +
			"Policies add up: another one that selects the same pods, as a chart may bring, opens what it allows. " +
			"Call it once, in a local value, and never inside a `for_each`: Terraform would call it again for every instance.",
		Bastion: "local.bastion_address",
		Closing: "The policies in `egress`: where they are applied, what they do not allow is denied, name resolution too.",
		Forms: []Form{
			{
				Name: kubernetesLabels, Kind: Nested, Attaches: true, Refers: true, Peer: PodsPeer,
				One: "a map of labels", Example: labelsOf("canopsis"), MustBeKnown: `Write the labels' names in the configuration, as in { "app.kubernetes.io/name" = local.name }: their values may be unknown`,
				Doc: "Labels by which its pods are selected, in the namespace that stands beside them, as in `{ \"app.kubernetes.io/name\" = \"canopsis\" }`: policies select them, and peers refer to them where no `peer_namespace` stands beside them. Values may be unknown at plan. " +
					"Every one of its pods must have them, and pods of no other host may.",
				Host:   func(id string) string { return labelsOf(id) + ", namespace = \"canopsis\"" },
				inside: (*Form).checkLabels,
			},
			{
				Name: kubernetesNamespace, Kind: Text, Of: []string{kubernetesLabels}, Needed: true,
				One: "a namespace", Like: `a namespace's name, as in "canopsis"`, wrong: namespaceForm(),
				Without: "labels select pods of one namespace", Remedy: "Add namespace, as in namespace = \"canopsis\"; for a peer that no policy selects, write peer_namespace and peer_pod_labels",
				Doc: "Namespace of its pods, known at plan or not. Beside `pod_labels` alone.",
			},
			{
				Name: kubernetesPeerNamespace, Kind: Text, Refers: true, Peer: PodsPeer, many: true,
				One: "a namespace", Like: `a namespace's name, as in "canopsis"`, wrong: namespaceForm(),
				Doc: "Namespace, known at plan or not, whose pods peers refer to and no policy selects: someone else's ingress controller, a monitoring agent. All of its pods, unless `peer_pod_labels` stand beside it.",
			},
			{
				Name: kubernetesPeerLabels, Kind: Nested, Of: []string{kubernetesPeerNamespace},
				One: "a map of labels", Example: `{ "k8s-app" = "kube-dns" }`, MustBeKnown: `Write the labels' names in the configuration, as in { "k8s-app" = "kube-dns" }: their values may be unknown`,
				Without: "it narrows which pods of a namespace are meant",
				Doc:     "Labels of the pods of `peer_namespace` that peers refer to, as in `{ \"k8s-app\" = \"kube-dns\" }`.",
				inside:  (*Form).checkLabels,
			},
		},
		Results: parts(
			Part{Name: Ingress.String(), Kind: ObjectsPart, Arguments: kubernetesPolicy(), Doc: "One policy for each host that has `pod_labels`, by the host. It denies what may reach the host and is not in it."},
			Part{Name: Egress.String(), Kind: ObjectsPart, Arguments: kubernetesPolicy(), Doc: "The same for what the host may reach. To leave egress open, do not apply it."},
		),
		Peers:  []PeerKind{CIDRPeer, PodsPeer},
		across: checkSelectors,
		lacks:  lacksOnKubernetes,
		render: renderKubernetes,
	}
}

func kubernetesPolicy() []Argument {
	return []Argument{
		{"name", Text, "Name of the policy: the host, with `-` for `_`, and the direction"},
		{"namespace", Text, "Namespace of the host's pods"},
		{"spec", Nested, "The policy's `spec`, an object without a null at any depth: one rule for each peer, with all of its forms and all of its ports; no `ingress` or `egress` at all where nothing is allowed"},
		{"peers", Nested, "List of objects, one for each rule of the `spec`, in its order: the endpoint `peer` (string) and the `flows` (list of string) that need it, for annotations and reports"},
	}
}

// labelsOf spells labels for a host, for examples.
func labelsOf(id string) string {
	return "{ \"app.kubernetes.io/name\" = " + strconv.Quote(strings.ReplaceAll(id, "_", "-")) + " }"
}

// namespaceForm is a namespace's name: a label of DNS.
func namespaceForm() *wording {
	return &wording{
		valid:   func(text string) bool { return isDNSLabel(text) },
		summary: "Invalid namespace", what: "a namespace's name",
		allowed: "up to 63 lower-case letters, digits and hyphens, with no hyphen at either end",
		mend: func(text string) string {
			return strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), "_", "-")
		},
	}
}

const longestLabel = 63 // of a label's name or value, and of DNS

func isDNSLabel(text string) bool {
	return len(text) <= longestLabel && isLabelText(text) && strings.Trim(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// isLabelText reports whether a text could be a label's value: letters, digits, and
// between them hyphens, underscores and dots.
func isLabelText(text string) bool {
	const ends = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	return text != "" && len(text) <= longestLabel && strings.Trim(text, ends+"-_.") == "" &&
		strings.IndexByte(ends, text[0]) >= 0 && strings.IndexByte(ends, text[len(text)-1]) >= 0
}

// isLabelName reports whether a text could be a label's name, which may have a
// domain and a slash before it.
func isLabelName(text string) bool {
	const longestDomain = 253
	domain, name, ok := strings.Cut(text, "/")
	if !ok {
		return isLabelText(text)
	}
	for label := range strings.SplitSeq(domain, ".") {
		if !isDNSLabel(label) {
			return false
		}
	}
	return len(domain) <= longestDomain && isLabelText(name)
}

// checkLabels refuses labels as the API server does, and no labels at all, which
// would select every pod of the namespace.
func (f *Form) checkLabels(at refusal.Path, value Cell, errs *refusal.Errors) {
	if value.Nested == nil {
		return
	}
	if len(value.Nested.Object) == 0 {
		errs.Add(&refusal.Error{
			At: at, Summary: "Empty labels", Found: "no label stands here, which the cluster would read as every pod of the namespace",
			Remedy: "Name a label that its pods have and no other, as in " + labelsOf("canopsis") + ", or write null to leave the attribute out",
		})
	}
	for _, name := range slices.Sorted(maps.Keys(value.Nested.Object)) {
		if !isLabelName(name) {
			errs.Add(&refusal.Error{
				At: at.Key(name), Summary: "Invalid label", Found: strconv.Quote(name) + " is not a label's name",
				Allowed: "letters, digits, hyphens, underscores and dots, up to 63, with a domain and a slash before them or not, as in app.kubernetes.io/name",
			})
		}
		if text, ok := value.Nested.Object[name].Text.Get(); ok && !isLabelText(text) {
			errs.Add(&refusal.Error{
				At: at.Key(name), Summary: "Invalid label", Found: strconv.Quote(text) + " is not a label's value that tells pods apart",
				Allowed: "1 to 63 letters, digits, hyphens, underscores and dots, with a letter or a digit at both ends",
			})
		}
	}
}

// checkSelectors refuses two hosts of which one's policies select the other's pods
// too: policies add up, and users would reach the database's pods. A value that is
// not known yet is looked at when it is.
func checkSelectors(r *bindingsReader, parties map[string]*party) {
	var hosts []*party // managed endpoints are few: each is compared with each
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		if parties[id].managed() && len(parties[id].form(kubernetesLabels).Nested.Object) > 0 {
			hosts = append(hosts, parties[id])
		}
	}
	for i, second := range hosts {
		for _, first := range hosts[:i] {
			if !sameText(first.form(kubernetesNamespace).Text, second.form(kubernetesNamespace).Text) {
				continue
			}
			wide, narrow := first, second
			if !selects(wide, narrow) {
				wide, narrow = second, first
			}
			if !selects(wide, narrow) {
				continue
			}
			found := "every label of " + strconv.Quote(wide.id) + " is one of " + strconv.Quote(narrow.id) + " too"
			give := "Give " + wide.id + " a label that pods of " + narrow.id + " lack"
			if selects(narrow, wide) { // with one label more, the one would still be within the other
				found = strconv.Quote(first.id) + " and " + strconv.Quote(second.id) + " have the same labels"
				give = "Give each a label that pods of the other lack"
			}
			r.Add(&refusal.Error{
				At:      r.at.Key(second.id).Attribute(kubernetesLabels),
				Summary: "Two hosts that share machines",
				Found:   found + ", in one namespace: policies add up, and those of " + strconv.Quote(wide.id) + " would open the pods of " + strconv.Quote(narrow.id),
				Remedy:  give + ", or place both on one host in the data source, as in placement = { " + second.id + " = " + strconv.Quote(first.id) + " }",
			})
		}
	}
}

// selects reports whether the labels of one host select the pods of another, as far
// as their values are known.
func selects(wide, narrow *party) bool {
	all := narrow.form(kubernetesLabels).Nested
	for name, label := range wide.form(kubernetesLabels).Nested.Object {
		if !sameText(label.Text, all.Object[name].Text) {
			return false
		}
	}
	return true
}

func sameText(a, b Value[string]) bool {
	x, ok1 := a.Get()
	y, ok2 := b.Get()
	return ok1 && ok2 && x == y
}

// lacksOnKubernetes also finds protocols of which policies have no word.
func lacksOnKubernetes(e edge) string {
	if protocol := e.ports.Protocol(); !protocol.HasPorts() {
		return "network policies have words for tcp, udp and sctp alone: what becomes of " + protocol.String() + " the cluster's network decides"
	}
	return lacksAddresses(e)
}

// kubernetesSide is one policy.
type kubernetesSide struct {
	host      *party
	direction Direction
}

// kubernetesRule is what a policy allows with one peer.
type kubernetesRule struct {
	ports []matrix.PortRange
	flows []string
}

func renderKubernetes(p *plan) *Result {
	sides := make(map[kubernetesSide]map[*party]*kubernetesRule)
	for _, e := range p.edges {
		side := kubernetesSide{e.host, e.direction}
		if sides[side] == nil {
			sides[side] = make(map[*party]*kubernetesRule)
		}
		rule := sides[side][e.other]
		if rule == nil {
			rule = &kubernetesRule{}
			sides[side][e.other] = rule
		}
		rule.ports = append(rule.ports, e.ports)
		rule.flows = append(rule.flows, e.flow)
	}
	result := &Result{Counts: make(map[string]Count, len(p.hosts))}
	for _, host := range p.hosts {
		var counted [2]int64
		for i, direction := range []Direction{Ingress, Egress} {
			policy, entries := kubernetesPolicyOf(host, direction, sides[kubernetesSide{host, direction}])
			result.add(direction, policy)
			counted[i] = entries
		}
		result.Counts[host.id] = Count{Known(counted[0]), Known(counted[1])}
	}
	return result
}

// kubernetesPolicyOf writes a policy, and returns how many pairs of a peer and a
// range of ports it has, which is what the cluster's network keeps of it.
func kubernetesPolicyOf(host *party, direction Direction, rules map[*party]*kubernetesRule) (policy Bound, entries int64) {
	word, side := "Ingress", "from"
	if direction == Egress {
		word, side = "Egress", "to"
	}
	spec := map[string]Cell{
		"podSelector": object(map[string]Cell{"matchLabels": host.form(kubernetesLabels)}),
		"policyTypes": TextsCell(word),
	}
	var allowed, peers []Cell
	var flows []string
	others := make([]*party, 0, len(rules))
	for other := range rules {
		others = append(others, other)
	}
	slices.SortFunc(others, func(a, b *party) int { return strings.Compare(a.id, b.id) })
	for _, other := range others {
		rule := rules[other]
		blocks, ports := kubernetesPeers(other), kubernetesPorts(rule.ports)
		entries += int64(len(blocks)) * int64(len(ports))
		allowed = append(allowed, object(map[string]Cell{side: listed(blocks), "ports": listed(ports)}))
		of := sortedSet(rule.flows)
		peers = append(peers, object(map[string]Cell{"peer": TextCell(other.id), "flows": TextsCell(of...)}))
		flows = append(flows, of...)
	}
	if len(allowed) > 0 {
		spec[direction.String()] = listed(allowed)
	}
	name := strings.ReplaceAll(host.id, "_", "-") + "-" + direction.String()
	return Bound{
		Key: host.id, Host: host.id, Flows: sortedSet(flows),
		Cells: []Cell{TextCell(name), host.form(kubernetesNamespace), object(spec), listed(peers)},
	}, entries
}

// kubernetesPeers writes every form of the other side. An endpoint without any is
// never asked for: no peer would be every peer.
func kubernetesPeers(other *party) []Cell {
	var blocks []Cell
	namespace, labels := other.form(kubernetesNamespace), other.form(kubernetesLabels)
	if other.referred != nil && other.referred.Name == kubernetesPeerNamespace {
		namespace, labels = other.form(kubernetesPeerNamespace), other.form(kubernetesPeerLabels)
	}
	if other.referred != nil {
		pods := map[string]Cell{"namespaceSelector": object(map[string]Cell{"matchLabels": object(map[string]Cell{namespaceName: namespace})})}
		if !labels.IsAbsent() {
			pods["podSelector"] = object(map[string]Cell{"matchLabels": labels})
		}
		blocks = append(blocks, object(pods))
	}
	for _, prefix := range other.prefixes {
		blocks = append(blocks, ipBlock(Known(prefix.String())))
	}
	for _, n := range other.named {
		blocks = append(blocks, ipBlock(prefixText(n.prefix)))
	}
	return blocks
}

func ipBlock(cidr Value[string]) Cell {
	return object(map[string]Cell{"ipBlock": object(map[string]Cell{"cidr": {Text: cidr}})})
}

func kubernetesPorts(ranges []matrix.PortRange) []Cell {
	var written []Cell
	for r := range matrix.NewPorts(ranges...).All() {
		port := map[string]Cell{"protocol": TextCell(strings.ToUpper(r.Protocol().String())), "port": NumberCell(int64(r.From()))}
		if r.To() != r.From() {
			port["endPort"] = NumberCell(int64(r.To()))
		}
		written = append(written, object(port))
	}
	return written
}

func object(attributes map[string]Cell) Cell { return Cell{Nested: &NestedCell{Object: attributes}} }

func listed(cells []Cell) Cell { return Cell{Nested: &NestedCell{List: cells}} }
