package provider

import (
	"context"
	"errors"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// argumentsOf returns a function's first arguments, so many, in the protocol's form.
func argumentsOf(ctx context.Context, arguments function.ArgumentsData, count int) ([]tftypes.Value, *function.FuncError) {
	values := make([]tftypes.Value, 0, count)
	for position := range count {
		value, err := argument(ctx, arguments, position)
		if err != nil {
			return nil, function.NewArgumentFuncError(int64(position), err.Error())
		}
		values = append(values, value)
	}
	return values, nil
}

// argument returns a function's argument in the protocol's form.
func argument(ctx context.Context, arguments function.ArgumentsData, position int) (tftypes.Value, error) {
	var value attr.Value
	if err := arguments.GetArgument(ctx, position, &value); err != nil {
		return tftypes.Value{}, err
	}
	v, ok := value.(protocolValue)
	if !ok || v.value.Type() == nil {
		return tftypes.Value{}, errors.New("the argument did not arrive in the protocol's form")
	}
	return v.value, nil
}

// withSettings returns a function's arguments by their names, the last of which is the
// one object of settings, or null.
func withSettings(ctx context.Context, arguments function.ArgumentsData, example string, names ...string) ([]tftypes.Value, *function.FuncError) {
	position := len(names) - 1
	values, funcErr := argumentsOf(ctx, arguments, position)
	if funcErr != nil {
		return nil, funcErr
	}
	settings, err := onlySettings(ctx, arguments, position, example)
	if err != nil {
		return nil, functionError(err, names...)
	}
	return append(values, settings), nil
}

// onlySettings returns the one object of a function's last, variadic parameter, or
// null.
func onlySettings(ctx context.Context, arguments function.ArgumentsData, position int, example string) (tftypes.Value, error) {
	none := tftypes.NewValue(tftypes.DynamicPseudoType, nil)
	var value attr.Value
	if err := arguments.GetArgument(ctx, position, &value); err != nil {
		return none, err
	}
	given, ok := value.(types.Tuple)
	switch {
	case !ok:
		return none, errors.New("the settings did not arrive as a list of arguments")
	case len(given.Elements()) == 0:
		return none, nil
	case len(given.Elements()) > 1:
		return none, &refusal.Error{
			At: refusal.At("settings"), Summary: "Too many arguments",
			Found:  "more than one object of settings is given",
			Remedy: "Put them into one, as in " + example,
		}
	}
	settings, ok := given.Elements()[0].(protocolValue)
	if !ok {
		return none, errors.New("the settings did not arrive in the protocol's form")
	}
	return settings.value, nil
}
