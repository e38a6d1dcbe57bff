package cloud

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"go4.org/netipx" // prefixes without others that lie in them

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// Kubernetes returns what its documentation says of network policies: a policy selects
// pods of its namespace by their labels; pods that no policy of a direction selects
// are open in it, and others let pass what any of the policies allows; a rule allows
// each of its peers on each of its ports, everybody where it has no peers and
// everything where it has no ports; a peer is a block of addresses without its
// exceptions, or pods by their labels and those of their namespace. A namespace's
// name is its label kubernetes.io/metadata.name.
// https://kubernetes.io/docs/concepts/services-networking/network-policies/
//
// A row is one rule of a policy, which has id, namespace, podSelector and rule, or a
// policy without a rule in that direction, which has no rule: it only selects.
// Groups and peers are called NAMESPACE/LABEL=VALUE,LABEL=VALUE.
func Kubernetes() Cloud {
	return Cloud{Name: "kubernetes", read: readKubernetes, openUnselected: true, printed: printedKubernetes,
		prints:    "kubectl get networkpolicies -A -o json",
		terraform: terraformKubernetes, resources: map[string]Direction{"kubernetes_manifest": "", "kubernetes_network_policy_v1": "", "kubernetes_network_policy": ""}}
}

// namespaceName is the label of namespaces that is their name.
const namespaceName = "kubernetes.io/metadata.name"

func readKubernetes(r *row, direction Direction, w World) Rule {
	rule := Rule{ID: r.text("id"), Direction: r.direction("", direction), Selector: true}
	namespace := r.id("namespace")
	if namespace == "" {
		r.wrong("namespace", "the policy has none", "")
	}
	r.ignore("podSelector")
	labels, ok := r.selector("podSelector")
	if ok {
		rule.Groups = []string{namespace + "/" + labels}
	} else {
		r.wrong("podSelector", "the policy has none", "{} for every pod of the namespace")
	}
	if types, wrong := r.values["policyTypes"]; wrong {
		r.ignore("policyTypes")
		r.wrong("policyTypes", "it is "+spelt(types), `a list of "Ingress" and "Egress"`)
	}
	if inner := r.values["rule"]; inner != nil && isAbsent(inner) {
		r.wrong("rule", "it is "+spelt(inner), "an object")
	}
	inner := r.object("rule")
	if inner == nil {
		return rule
	}
	side := "from"
	if direction == Egress {
		side = "to"
	}
	inner.kubernetesNulls(side, "ports")
	if inner.has(side) {
		for _, peer := range inner.rows(side) {
			rule.Packets.Peers = append(rule.Packets.Peers, peer.kubernetesPeer(namespace, w)...)
			peer.leftovers()
		}
	} else {
		inner.ignore(side)
		rule.Packets.Peers = []packet.Peer{Anyone(false), Anyone(true)}
	}
	if inner.has("ports") {
		for _, port := range inner.rows("ports") {
			rule.Packets.Ports = append(rule.Packets.Ports, port.kubernetesPorts()...)
			port.leftovers()
		}
	} else {
		inner.ignore("ports")
		rule.Packets.Ports = []packet.Ports{packet.Everything()}
	}
	inner.leftovers()
	return rule
}

// object returns an object, which shares this row's errors; nil where there is none.
func (r *row) object(name string) *row {
	value := r.value(name)
	values, ok := value.(map[string]any)
	if inner, isRow := value.(Row); isRow {
		values, ok = inner, true
	}
	switch {
	case ok:
		return &row{values: values, at: r.at.Attribute(name), errs: r.errs, unknown: r.unknown}
	case value != nil:
		r.wrong(name, "it is "+spelt(value), "an object")
	}
	return nil
}

// kubernetesNulls refuses attributes that are there and null: Terraform's provider
// makes {} of them, which is everything.
func (r *row) kubernetesNulls(names ...string) {
	for _, name := range names {
		if value, ok := r.values[name]; ok && value == nil {
			r.wrong(name, "it is null, of which Terraform's provider makes everything", "a value, or no such attribute")
		}
	}
}

// selector reads labels that select pods or namespaces: LABEL=VALUE,LABEL=VALUE,
// empty for all of them; ok is false where the attribute is not there.
func (r *row) selector(name string) (labels string, ok bool) {
	r.kubernetesNulls(name)
	s := r.object(name)
	if s == nil {
		return "", false
	}
	s.kubernetesNulls("matchLabels", "matchExpressions")
	all := make(map[string]string)
	if matched := s.object("matchLabels"); matched != nil {
		for _, label := range slices.Sorted(maps.Keys(matched.values)) {
			value, isText := matched.value(label).(string)
			if raw, written := matched.values[label].(string); written && raw == "" {
				value, isText = "", true
			}
			if !isText && !*matched.unknown {
				matched.wrong(label, "it is "+spelt(matched.values[label]), "a text")
			}
			all[label] = value
		}
	}
	for _, expression := range s.rows("matchExpressions") {
		label, operator, values := expression.text("key"), expression.text("operator"), expression.texts("values")
		expression.leftovers()
		if _, twice := all[label]; operator != "In" || len(values) != 1 || label == "" || twice {
			expression.wrong("operator", fmt.Sprintf("%s %s %s is not known here", label, operator, spelt(append([]string{}, values...))), "matchLabels, or In with one value")
			continue
		}
		all[label] = values[0]
	}
	s.leftovers()
	pairs := make([]string, 0, len(all))
	for _, label := range slices.Sorted(maps.Keys(all)) {
		pairs = append(pairs, label+"="+all[label])
	}
	return strings.Join(pairs, ","), true
}

// kubernetesPeer reads a block of addresses, or pods.
func (r *row) kubernetesPeer(namespace string, w World) []packet.Peer {
	r.kubernetesNulls("ipBlock")
	labels, pods := r.selector("podSelector")
	namespaces, others := r.selector("namespaceSelector")
	block := r.object("ipBlock")
	switch {
	case block != nil && (pods || others):
		r.wrong("ipBlock", "it stands beside a selector", "either of the two")
	case block != nil:
		return block.kubernetesBlock()
	case !pods && !others:
		r.wrong("ipBlock", "a peer has no form", "ipBlock, podSelector, namespaceSelector")
	case others && namespaces == "" && labels == "":
		return []packet.Peer{packet.Groups(false), packet.Groups(true)}
	case others && namespaces == "":
		namespace = "*"
	case others:
		name, ok := strings.CutPrefix(namespaces, namespaceName+"=")
		if namespace = name; !ok || strings.Contains(name, ",") {
			namespace = "{" + namespaces + "}"
		}
	}
	return w.named(namespace+"/"+labels, both)
}

// kubernetesBlock reads a prefix without the prefixes that are excepted.
func (r *row) kubernetesBlock() []packet.Peer {
	text, except := r.text("cidr"), r.texts("except")
	r.leftovers()
	if text == "" {
		if !*r.unknown {
			r.wrong("cidr", "there is none", "ADDRESS/LENGTH")
		}
		return nil
	}
	peers, without := r.prefixes("cidr", []string{text}, both), r.prefixes("except", except, both)
	if len(peers) == 0 || len(without) == 0 {
		return peers
	}
	var rest netipx.IPSetBuilder
	for _, peer := range peers {
		prefix, _ := peer.Prefix()
		rest.AddPrefix(prefix)
	}
	for _, peer := range without {
		prefix, _ := peer.Prefix()
		rest.RemovePrefix(prefix)
	}
	left, err := rest.IPSet()
	if err != nil {
		r.wrong("except", err.Error(), "")
		return nil
	}
	return prefixesOf(left.Prefixes())
}

func prefixesOf(prefixes []netip.Prefix) []packet.Peer {
	peers := make([]packet.Peer, 0, len(prefixes))
	for _, prefix := range prefixes {
		if peer, err := packet.Prefix(prefix); err == nil {
			peers = append(peers, peer)
		}
	}
	return peers
}

// kubernetesPorts reads a protocol with a port or a range; without a port, it is for
// all of them.
func (r *row) kubernetesPorts() []packet.Ports {
	r.kubernetesNulls("port", "endPort", "protocol")
	r.ignore("port", "endPort")
	numbers := map[string]uint8{"": tcp, "TCP": tcp, "UDP": udp, "SCTP": sctp}
	protocol, ok := numbers[r.text("protocol")]
	if !ok {
		r.wrong("protocol", spelt(r.values["protocol"])+" is not a protocol of network policies", "TCP, UDP, SCTP")
		return nil
	}
	if name, isText := r.values["port"].(string); isText && strings.Trim(name, "0123456789") != "" {
		r.wrong("port", fmt.Sprintf("%q is a port's name, which only the pods say", name), "the number")
		return nil
	}
	if !r.has("port") {
		if r.has("endPort") {
			r.wrong("port", "a range of ports has both bounds, and this one is missing", "1 to 65535")
		}
		return []packet.Ports{packet.Protocol(protocol)}
	}
	if !r.has("endPort") {
		r.values = maps.Clone(r.values)
		r.values["endPort"] = r.values["port"]
	}
	first, last, ok := r.bounds("port", "endPort", 1)
	if !ok {
		return nil
	}
	return []packet.Ports{portRange(protocol, first, last)}
}

// selectsPods reports whether what one selector names, machines that another names
// have all of: pods of the same namespace with more labels or as many.
func selectsPods(selector, machines string) bool {
	namespace, labels, _ := strings.Cut(selector, "/")
	where, has, ok := strings.Cut(machines, "/")
	if !ok || namespace != where {
		return false
	}
	all := strings.Split(has, ",")
	for label := range strings.SplitSeq(labels, ",") {
		if label != "" && !slices.Contains(all, label) {
			return false
		}
	}
	return true
}

// printedKubernetes reads a policy, or a list of them.
func printedKubernetes(value any) (Seen, bool) {
	page, _ := value.(map[string]any)
	if page["kind"] == "NetworkPolicy" {
		return policyOf(page)
	}
	items, ok := objects(page["items"])
	var seen Seen
	for _, item := range items {
		if kind, written := item["kind"]; written && kind != "NetworkPolicy" {
			return Seen{}, false
		}
		one, isPolicy := policyOf(item)
		ok = ok && isPolicy
		seen.Rules = append(seen.Rules, one.Rules...)
		seen.Unknown = seen.Unknown || one.Unknown
	}
	return seen, ok
}

// terraformKubernetes reads a manifest, the resource that has one, or the resource
// of the provider's own for policies.
func terraformKubernetes(object map[string]any) (Seen, bool) {
	if has(object, "manifest") {
		return manifestOf(object)
	}
	if object["kind"] == "NetworkPolicy" {
		return policyOf(object)
	}
	if !has(object, "metadata", "spec") || has(object, "kind") {
		return Seen{}, false
	}
	metadata, ok1 := objects(object["metadata"])
	spec, ok2 := objects(object["spec"])
	if !ok1 || !ok2 || len(metadata) != 1 || len(spec) != 1 || !has(spec[0], "pod_selector", "policy_types") {
		return Seen{}, false
	}
	manifest, _ := camel(map[string]any{"metadata": metadata[0], "spec": spec[0]}).(map[string]any)
	return policyOf(manifest)
}

// manifestOf reads a resource that has a manifest, of what the cluster made of it
// where that is known: there, null is what was not given. Other kinds of objects are
// no rules.
func manifestOf(resource map[string]any) (Seen, bool) {
	if _, unknown := resource["manifest"].(Unknown); unknown {
		return Seen{Unknown: true}, true
	}
	manifest, ok := resource["manifest"].(map[string]any)
	if live, isLive := withoutNulls(resource["object"]).(map[string]any); isLive && live["kind"] != nil {
		manifest, ok = live, true
	}
	if kind, isText := manifest["kind"].(string); isText && kind != "NetworkPolicy" {
		return Seen{}, true
	}
	if !ok || manifest["kind"] != "NetworkPolicy" {
		return Seen{}, false
	}
	return policyOf(manifest)
}

// withoutNulls returns a value without what is null in it.
func withoutNulls(value any) any {
	switch v := value.(type) {
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, inner := range v {
			if inner != nil {
				object[name] = withoutNulls(inner)
			}
		}
		return object
	case []any:
		list := make([]any, 0, len(v))
		for _, inner := range v {
			list = append(list, withoutNulls(inner))
		}
		return list
	}
	return value
}

// blocks are the provider's blocks of which there is one at most, by the names of
// the API, and words are its other names.
var (
	blocks = map[string]string{"pod_selector": "podSelector", "namespace_selector": "namespaceSelector", "ip_block": "ipBlock"}
	words  = map[string]string{"match_labels": "matchLabels", "match_expressions": "matchExpressions", "policy_types": "policyTypes", "end_port": "endPort"}
)

// camel returns the provider's own attributes and blocks as the API has them: a
// block that is not there is no attribute, and an empty one is {}.
func camel(value any) any {
	switch v := value.(type) {
	case []any:
		list := make([]any, 0, len(v))
		for _, element := range v {
			if element == nil {
				element = map[string]any{}
			}
			list = append(list, camel(element))
		}
		return list
	case map[string]any:
		object := make(map[string]any, len(v))
		for name, inner := range v {
			switch list, isList := inner.([]any); {
			case inner == nil, isList && len(list) == 0:
			case blocks[name] != "" && isList && len(list) == 1:
				if list[0] == nil {
					list[0] = map[string]any{}
				}
				object[blocks[name]] = camel(list[0])
			case name == "match_labels" || name == "labels" || name == "annotations":
				object[wordOf(name)] = inner
			default:
				object[wordOf(name)] = camel(inner)
			}
		}
		return object
	}
	return value
}

func wordOf(name string) string {
	if other, ok := words[name]; ok {
		return other
	}
	return name
}

// policyOf returns a row for each rule of a policy, and one for a direction in which
// it only selects.
func policyOf(object map[string]any) (Seen, bool) {
	metadata, ok1 := object["metadata"].(map[string]any)
	spec, ok2 := object["spec"].(map[string]any)
	if _, unknown := object["spec"].(Unknown); unknown {
		return Seen{Unknown: true}, true
	}
	if !ok1 || !ok2 {
		return Seen{}, false
	}
	types, wrong, known := policyTypes(spec)
	if !known {
		return Seen{Unknown: true}, true
	}
	var seen Seen
	for _, way := range []struct {
		word      string
		direction Direction
	}{{"Ingress", Ingress}, {"Egress", Egress}} {
		rules, isList := spec[string(way.direction)].([]any)
		if _, unknown := spec[string(way.direction)].(Unknown); unknown {
			seen.Unknown = true
			continue
		}
		if !isList && spec[string(way.direction)] != nil {
			return Seen{}, false
		}
		if !slices.Contains(types, way.word) {
			continue
		}
		row := func(rule any) Row {
			one := Row{"namespace": metadata["namespace"], "rule": rule}
			if wrong {
				one["policyTypes"] = spec["policyTypes"]
			}
			name, ok1 := metadata["name"].(string)
			if namespace, ok2 := metadata["namespace"].(string); ok1 && ok2 {
				one["id"] = namespace + "/" + name
			}
			for name, value := range spec {
				if name != "policyTypes" && name != "ingress" && name != "egress" {
					one[name] = value
				}
			}
			return one
		}
		if len(rules) == 0 {
			seen.Rules = append(seen.Rules, Printed{Direction: way.direction, Row: row(nil)})
		}
		for _, rule := range rules {
			if rule == nil {
				rule = map[string]any{}
			}
			seen.Rules = append(seen.Rules, Printed{Direction: way.direction, Row: row(rule)})
		}
	}
	return seen, true
}

// policyTypes returns the directions for which a policy is, as Kubernetes makes them of
// what is given: Ingress, and Egress where it has rules of it. What is given may be
// wrong, or not known yet.
func policyTypes(spec map[string]any) (types []string, wrong, known bool) {
	given, isList := spec["policyTypes"].([]any)
	if _, unknown := spec["policyTypes"].(Unknown); unknown {
		return nil, false, false
	}
	for _, element := range given {
		if _, unknown := element.(Unknown); unknown {
			return nil, false, false
		}
		word, _ := element.(string)
		types = append(types, word)
		wrong = wrong || word != "Ingress" && word != "Egress"
	}
	if wrong || !isList && spec["policyTypes"] != nil {
		return []string{"Ingress", "Egress"}, true, true // so that a rule of it is refused
	}
	if len(types) == 0 {
		types = []string{"Ingress"}
		if rules, isList := spec["egress"].([]any); !isList && spec["egress"] != nil || len(rules) > 0 {
			types = append(types, "Egress")
		}
	}
	return types, false, true
}
