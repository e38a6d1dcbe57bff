package ec2

type networkInterfacesReply struct {
	NetworkInterfaces []struct{} `xml:"networkInterfaceSet>item"`
}

// describeNetworkInterfaces finds none, whatever is asked: the provider looks
// for interfaces that would keep a group from being deleted.
func (s *Server) describeNetworkInterfaces(form, *Call) (any, error) {
	return networkInterfacesReply{}, nil
}

type callerIdentityReply struct {
	ARN     string `xml:"GetCallerIdentityResult>Arn"`
	UserID  string `xml:"GetCallerIdentityResult>UserId"`
	Account string `xml:"GetCallerIdentityResult>Account"`
}

// getCallerIdentity is the one call of STS.
func (s *Server) getCallerIdentity(form, *Call) (any, error) {
	return callerIdentityReply{ARN: callerARN, UserID: callerID, Account: AccountID}, nil
}

type userReply struct {
	ARN    string `xml:"GetUserResult>User>Arn"`
	UserID string `xml:"GetUserResult>User>UserId"`
	Name   string `xml:"GetUserResult>User>UserName"`
	Path   string `xml:"GetUserResult>User>Path"`
}

// getUser is the one call of IAM.
func (s *Server) getUser(form, *Call) (any, error) {
	return userReply{ARN: callerARN, UserID: callerID, Name: callerName, Path: "/"}, nil
}
