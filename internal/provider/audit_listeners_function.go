package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/listen"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// auditListenersFunction compares what listens on a host with the rules that
// lead to it.
type auditListenersFunction struct{}

var _ function.Function = auditListenersFunction{}

var (
	wantedPortType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"verdict":   tftypes.String,
		"component": tftypes.String,
		"protocol":  tftypes.String,
		"from_port": tftypes.Number,
		"to_port":   tftypes.Number,
		"rules":     tftypes.List{ElementType: tftypes.String},
		"addresses": tftypes.List{ElementType: tftypes.String},
		"note":      tftypes.String,
	}}
	foundPortType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"verdict":   tftypes.String,
		"protocol":  tftypes.String,
		"from_port": tftypes.Number,
		"to_port":   tftypes.Number,
		"addresses": tftypes.List{ElementType: tftypes.String},
		"names":     tftypes.List{ElementType: tftypes.String},
		"note":      tftypes.String,
	}}
	auditedListenersType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"ok":       tftypes.Bool,
		"summary":  tftypes.String,
		"expected": tftypes.Map{ElementType: wantedPortType},
		"actual":   tftypes.Map{ElementType: foundPortType},
	}}
)

var listenersDocs = []attributeDoc{
	{names: "ok", doc: "Whether every port is `expected` or `one_family_only`."},
	{names: "summary", doc: "One paragraph, for a `check` block: how many ports listen, and the first three of each other verdict."},
	{names: "expected", doc: "Ports that rules lead to on this host, by `COMPONENT/PROTOCOL-PORTS`. Its keys are known at plan even where `listeners` is not.", of: []attributeDoc{
		{names: "verdict", doc: "One of those below."},
		{names: "component", doc: "Id of the component or service that listens."},
		{names: "protocol", doc: "`tcp` or `udp`, or another with ports."},
		{names: "from_port, to_port", doc: "First and last port, both inclusive."},
		{names: "rules", doc: "Keys of the rules."},
		{names: "addresses", doc: "Where it listens, as the tools print it."},
		{names: "note", doc: "What to know or to type; often empty."},
	}},
	{names: "actual", doc: "Ports that the network may reach, by `PROTOCOL-PORTS`. What listens on loopback alone is left out.", of: []attributeDoc{
		{names: "verdict", doc: "One of those below."},
		{names: "protocol", doc: "`tcp` or `udp`, or another with ports."},
		{names: "from_port, to_port", doc: "First and last port, both inclusive."},
		{names: "addresses", doc: "Where it listens, as the tools print it."},
		{names: "names", doc: "Processes, containers or services that listen."},
		{names: "note", doc: "What to know or to type; often empty."},
	}},
}

// documentedVerdicts says what becomes of a port.
const documentedVerdicts = "The verdicts:\n\n" +
	"- `expected`: The matrix has it, and it listens. So are DHCP clients, on `udp/68` and `udp/546`.\n" +
	"- `one_family_only`: The same, in IPv4 alone or in IPv6 alone.\n" +
	"- `not_in_matrix`: It listens, and no rule leads to it.\n" +
	"- `not_listening`: The matrix has it, and nothing listens. HTTPS ports do not listen before TLS is switched on: take the port out with `component_ports` until then.\n" +
	"- `loopback_only`: The matrix has it, and only the machine itself reaches it.\n" +
	"- `wrong_port`: The page has the port wrong, and the right one listens (Redis's 6739 is 6379), or the other way round.\n" +
	"- `published_elsewhere`: The matrix has the number of a container's port, and Docker publishes it as another.\n" +
	"- `unknown`: No tool could tell: in `nmap` `filtered` is a firewall's answer, `open|filtered` none, and `docker ps` says nothing of what runs beside Docker."

func newAuditListenersFunction() function.Function { return auditListenersFunction{} }

func (auditListenersFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "audit_listeners"
}

func (auditListenersFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "What listens on a host, compared with the matrix",
		MarkdownDescription: "Compares what a machine listens on with the rules that lead to it: before a firewall closes what nobody knew of, and after, to see that the matrix is what runs. " +
			"Nothing is asked of the machine: the text comes from a file, from a command over SSH, or from wherever else you keep it.\n\n" +
			"`listeners` is what these commands print, one or several of them in one text, in any order. The format of each line follows from what it says; a line that cannot be read is an error that quotes it.\n\n" +
			"- `ss -Hltnup` or `ss -tuln`, on the machine: everything that listens, containers whose ports Docker passes on without a process apart.\n" +
			"- `netstat -tulnp`, where there is no `ss`.\n" +
			"- `docker ps --format '{{.Names}}\\t{{.Ports}}'` or `docker ps --format json`, on a Docker host: what containers publish.\n" +
			"- `nmap -v -oG -` or `nmap -oX -`, from elsewhere: what the network reaches.\n\n" +
			"Protocols without ports are not compared." +
			documentedReturn(auditedListenersType, listenersDocs, documentedVerdicts) + documentedGuides("audit_listeners"),
		Parameters: []function.Parameter{
			parameter{"rules", "Rules by key: the data source's `rules`.", tftypes.DynamicPseudoType},
			parameter{"host", "Id of the host that the text is about, as in `\"canopsis\"`.", tftypes.String},
			parameter{"listeners", "What the commands print.", tftypes.String},
		},
		Return: result{auditedListenersType},
	}
}

func (auditListenersFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	arguments, funcErr := argumentsOf(ctx, req.Arguments, 3)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	if !arguments[0].IsKnown() {
		return // the result stays unknown: validate reads no data source
	}
	r := &reader{missing: "Give it a value"}
	rules := readRules("rules", arguments[0], &r.Errors)
	host := r.Root("host", arguments[1]).Like(`the id of a host, as in "canopsis"`).ID()
	listeners := r.Root("listeners", arguments[2]).Like(listen.Formats)
	text, isKnown := "", !listeners.IsUnknown()
	if isKnown {
		text = listeners.Text()
	}
	var wanted []audit.WantedPort
	var report *listen.Report
	if r.Err() == nil && !r.unknown {
		var err error
		wanted, err = audit.WantedPorts(rules, host)
		r.Merge(err)
	}
	if r.Err() == nil && isKnown {
		var err error
		report, err = listen.Parse(refusal.At("listeners"), text)
		r.Merge(err)
	}
	if err := r.Err(); err != nil {
		resp.Error = functionError(err, "rules", "host", "listeners")
		return
	}
	switch {
	case r.unknown: // the host, and so the keys
	case isKnown:
		resp.Result = result{auditedListenersType}.data(auditedValue(audit.AuditListeners(host, wanted, report)))
	default:
		resp.Result = result{auditedListenersType}.data(unheardValue(wanted))
	}
}

func auditedValue(a audit.Listeners) tftypes.Value {
	wanted := make(map[string]tftypes.Value, len(a.Wanted))
	for _, w := range a.Wanted {
		wanted[w.Key()] = wantedValue(w, map[string]tftypes.Value{
			"verdict":   textValue(string(w.Verdict)),
			"addresses": textValues(w.Addresses),
			"note":      textValue(w.Note),
		})
	}
	found := make(map[string]tftypes.Value, len(a.Found))
	for _, f := range a.Found {
		found[f.Key()] = tftypes.NewValue(foundPortType, map[string]tftypes.Value{
			"verdict":   textValue(string(f.Verdict)),
			"protocol":  textValue(f.Ports.Protocol().String()),
			"from_port": boundValue(f.Ports.From()),
			"to_port":   boundValue(f.Ports.To()),
			"addresses": textValues(f.Addresses),
			"names":     textValues(f.Names),
			"note":      textValue(f.Note),
		})
	}
	return tftypes.NewValue(auditedListenersType, map[string]tftypes.Value{
		"ok":       tftypes.NewValue(tftypes.Bool, a.OK),
		"summary":  textValue(a.Summary),
		"expected": tftypes.NewValue(tftypes.Map{ElementType: wantedPortType}, wanted),
		"actual":   tftypes.NewValue(tftypes.Map{ElementType: foundPortType}, found),
	})
}

// unheardValue is the result where the text is not known yet: the ports that
// rules lead to, without a verdict.
func unheardValue(ports []audit.WantedPort) tftypes.Value {
	wanted := make(map[string]tftypes.Value, len(ports))
	for _, w := range ports {
		wanted[w.Key()] = wantedValue(w, map[string]tftypes.Value{
			"verdict":   tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
			"addresses": tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, tftypes.UnknownValue),
			"note":      tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		})
	}
	return tftypes.NewValue(auditedListenersType, map[string]tftypes.Value{
		"ok":       tftypes.NewValue(tftypes.Bool, tftypes.UnknownValue),
		"summary":  tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		"expected": tftypes.NewValue(tftypes.Map{ElementType: wantedPortType}, wanted),
		"actual":   tftypes.NewValue(tftypes.Map{ElementType: foundPortType}, tftypes.UnknownValue),
	})
}

// wantedValue adds what the rules alone say about a port.
func wantedValue(w audit.WantedPort, attributes map[string]tftypes.Value) tftypes.Value {
	attributes["component"] = textValue(w.Component)
	attributes["protocol"] = textValue(w.Ports.Protocol().String())
	attributes["from_port"] = boundValue(w.Ports.From())
	attributes["to_port"] = boundValue(w.Ports.To())
	attributes["rules"] = textValues(w.Rules)
	return tftypes.NewValue(wantedPortType, attributes)
}

// boundValue returns a bound of a range of ports as the protocol carries it.
func boundValue(port int) tftypes.Value {
	if port == matrix.None {
		return tftypes.NewValue(tftypes.Number, nil)
	}
	return tftypes.NewValue(tftypes.Number, port)
}

func textValue(text string) tftypes.Value { return tftypes.NewValue(tftypes.String, text) }

func textValues(texts []string) tftypes.Value {
	values := make([]tftypes.Value, 0, len(texts))
	for _, text := range texts {
		values = append(values, textValue(text))
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, values)
}
