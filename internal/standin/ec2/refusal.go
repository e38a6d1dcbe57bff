package ec2

import (
	"errors"
	"fmt"
)

// refusal is an error in EC2's own words: a code that programs read and a
// message for people.
type refusal struct {
	code, message string
}

func (r *refusal) Error() string { return r.message }

func refuse(code, format string, args ...any) error {
	return &refusal{code: code, message: fmt.Sprintf(format, args...)}
}

func invalidValue(format string, args ...any) error {
	return refuse("InvalidParameterValue", format, args...)
}

// missing is EC2's answer to a request without a parameter that it needs.
func missing(parameter string) error {
	return refuse("MissingParameter", "The request must contain the parameter %s", parameter)
}

// errorCode is the code that a client sees.
func errorCode(err error) string {
	var r *refusal
	if errors.As(err, &r) {
		return r.code
	}
	return "InternalError"
}

type errorDetail struct {
	Code    string `xml:"Code"`
	Message string `xml:"Message"`
}

// ec2Error and queryError are the two shapes in which AWS sends errors: EC2 has
// one of its own, STS and IAM share the other.
type ec2Error struct {
	Error errorDetail `xml:"Errors>Error"`
}

type queryError struct {
	Error errorDetail `xml:"Error"`
}

// ec2Version is the version of EC2's interface, which every request to it
// names.
const ec2Version = "2016-11-15"

// errorReply returns the error as the asking service writes it, and the name of
// its root element.
func errorReply(f form, err error) (reply any, root string) {
	detail := errorDetail{Code: errorCode(err), Message: err.Error()}
	if version := f.text("Version"); version != "" && version != ec2Version {
		return queryError{detail}, "ErrorResponse"
	}
	return ec2Error{detail}, "Response"
}
