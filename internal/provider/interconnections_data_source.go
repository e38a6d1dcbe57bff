package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
)

var _ datasource.DataSource = (*interconnectionsDataSource)(nil)

// interconnectionsDataSource lists the catalogue. It reads nothing but what is
// built in.
type interconnectionsDataSource struct{}

func (d *interconnectionsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_interconnections"
}

func (d *interconnectionsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	text := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	flag := func(description string) schema.Attribute {
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Catalogue of what Canopsis can be connected to, for the argument `interconnections` of `canopsis_flows`. " +
			"A port in *italics* is one that the vendor's documentation shows in an example only; *yours* is one that no document gives and `component_ports` must.\n\n" +
			catalogueTable(),
		Attributes: map[string]schema.Attribute{
			"interconnections": schema.MapNestedAttribute{
				Computed:            true,
				MarkdownDescription: "Entries by id.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":      text("Name of the product, or of the vendor's chapter about it."),
					"direction": text("Who opens connections, seen from Canopsis and its connectors: `inbound`, `outbound`, `both`, `internal`, or `none`."),
					"pro":       flag("Whether it belongs to Canopsis Pro."),
					"needs": schema.ListAttribute{
						Computed: true, ElementType: types.StringType,
						MarkdownDescription: "Components without which it makes no sense, sorted.",
					},
					"links": schema.ListNestedAttribute{
						Computed:            true,
						MarkdownDescription: "Flows that it adds.",
						NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
							"source":      text("Id of who connects: a component, an actor, or `" + edition.EveryHost + "` for every host."),
							"destination": text("Id of who listens: a component or an outside system, as in `component_ports`."),
							"or": text("Id of the component that listens instead, or beside it, where the installation's own event sources of the API call that, " +
								"which `options` decides; null where there is none."),
							"ports": schema.ListNestedAttribute{
								Computed:            true,
								MarkdownDescription: "Ports of what the entry brings. Empty for a component of the page, whose own ports are used, and where `ports_needed`.",
								NestedObject:        schema.NestedAttributeObject{Attributes: portRangeAttributes()},
							},
							"sample":       flag("The vendor's documentation shows the ports in an example only: check yours."),
							"ports_needed": flag("No document gives the ports: `component_ports` must."),
							"process":      text("Process that connects, where it is one of several in a component; null where it is not known."),
							"optional":     flag("Left out where the installation does not run one of the ends."),
							"description":  text("What for."),
						}},
					},
					"confidence": text("Whose word it is: the vendor's own files, an example in them, or an upstream default."),
					"evidence":   text("Files and releases that show it."),
					"note":       text("What else there is to know; null where nothing is."),
					"instead":    text("What to write instead, for an entry that has no flows and cannot be chosen; null for all others."),
				}},
			},
		},
	}
}

func (d *interconnectionsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	entries := make(outputs)
	for _, c := range edition.Interconnections() {
		entries[c.ID] = interconnectionOutput(c)
	}
	setState(ctx, &resp.State, req.Config.Raw, outputs{"interconnections": entries})
}

func interconnectionOutput(c edition.Interconnection) outputs {
	links := make([]outputs, 0, len(c.Links))
	for _, link := range c.Links {
		party, _ := c.Party(link.To)
		links = append(links, outputs{
			"source": link.From, "destination": link.To, "or": textOrNull(link.Or), "ports": portRanges(party.Ports),
			"sample": party.Sample, "ports_needed": party.PortsHint != "", "process": textOrNull(link.Via),
			"optional": link.Optional, "description": link.Description,
		})
	}
	return outputs{
		"name": c.Name, "direction": c.Direction(), "pro": c.Pro, "needs": c.Needs(), "links": links,
		"confidence": c.Confidence.String(), "evidence": c.Evidence, "note": textOrNull(c.Note), "instead": textOrNull(c.Instead),
	}
}

// catalogueTable is the catalogue as the registry shows it.
func catalogueTable() string {
	var table strings.Builder
	table.WriteString("Entry | What | Flows | Whose word\n------|------|-------|-----------\n")
	for _, c := range edition.Interconnections() {
		name := c.Name
		if c.Pro {
			name += " (Pro)"
		}
		var flows []string
		for _, link := range c.Links {
			flows = append(flows, linkInWords(c, link))
		}
		if c.Instead != "" {
			flows = append(flows, "none: "+c.Instead)
		}
		fmt.Fprintf(&table, "`%s` | %s | %s | %s\n", c.ID, name, strings.Join(flows, "<br>"), c.Confidence)
	}
	return table.String()
}

func linkInWords(c edition.Interconnection, link edition.Link) string {
	source := "`" + link.From + "`"
	if link.From == edition.EveryHost {
		source = "every host"
	}
	words := source + " → `" + link.To + "`"
	if link.Or != "" {
		words += " or `" + link.Or + "`"
	}
	switch party, _ := c.Party(link.To); {
	case party.PortsHint != "":
		words += " *yours*"
	case party.Sample:
		words += " *" + party.Ports.String() + "*"
	case !party.Ports.IsEmpty():
		words += " " + party.Ports.String()
	}
	return words
}
