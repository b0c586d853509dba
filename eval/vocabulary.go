package eval

// word says where a word of the language may stand.
type word struct {
	in    scope
	opens scope // what its function is; 0 when it takes none
	once  bool  // it may stand once in its place
	value bool  // it makes a value and says nothing of the place
	state state
}

// state says how far a word is built.
type state int

// The states.
const (
	built   state = iota
	ignored       // harmless: a warning
	unbuilt       // an error
)

// everywhere is for words that say nothing of their place.
const everywhere = ^scope(0)

// vocabulary holds every word of the language. The words that are not built
// are those of package dsl that are missing here.
var vocabulary = map[string]word{
	"API":      {in: inTop, opens: inAPI, once: true},
	"Title":    {in: inAPI, once: true},
	"Version":  {in: inAPI, once: true},
	"Server":   {in: inAPI, opens: inServer},
	"Services": {in: inServer},
	"Host":     {in: inServer, opens: inHost},
	"URI":      {in: inHost},

	"Description": {once: true, in: inAPI | inServer | inHost | inService | inMethod | inFiles |
		inAny | inResponse | inErrorResponse | inExample},

	"Service":         {in: inTop, opens: inService},
	"Method":          {in: inService, opens: inMethod},
	"Payload":         {in: inMethod, opens: inPayload, once: true},
	"Result":          {in: inMethod, opens: inResult, once: true},
	"StreamingResult": {in: inMethod, opens: inStreamingResult, once: true},
	"Idempotent":      {in: inMethod},
	"Topic":           {in: inMethod, opens: inTopic, once: true},
	"MaxEvents":       {in: inTopic, once: true},
	"MaxAge":          {in: inTopic, once: true},
	"OnGap":           {in: inTopic, once: true},
	"Error":           {in: inAPI | inService | inMethod, opens: inError},
	"Temporary":       {in: inError},
	"Timeout":         {in: inError},
	"Fault":           {in: inError},
	"Files":           {in: inService, opens: inFiles},

	"Type":            {in: inTop, opens: inType},
	"ArrayOf":         {in: everywhere, opens: inArrayOf, value: true},
	"ArrayOfRequired": {in: everywhere, opens: inArrayOf, value: true},
	"MapOf":           {in: everywhere, opens: inMapOf, value: true},
	"Key":             {in: inValue | inMapOf, opens: inKey},
	"Elem":            {in: inAny | inMapOf, opens: inElem},
	"Attribute":       {in: inValue | inBody, opens: inAttribute},
	"Field":           {in: inValue, opens: inAttribute},
	"Required":        {in: inValue | inParams | inHeaders | inResponseHeaders | inBody},
	"Reference":       {in: inValue},
	"Extend":          {in: inValue},
	"Default":         {in: inAttribute, once: true},
	"Example":         {in: inAny, opens: inExample},
	"Value":           {in: inExample, once: true},
	"Enum":            {in: inAny, once: true},
	"Format":          {in: inAny, once: true},
	"Pattern":         {in: inAny, once: true},
	"Minimum":         {in: inAny, once: true},
	"Maximum":         {in: inAny, once: true},
	"MinLength":       {in: inAny, once: true},
	"MaxLength":       {in: inAny, once: true},

	"HTTP":     {in: inAPI | inService | inMethod},
	"Path":     {in: inHTTPAPI | inHTTPService},
	"GET":      {in: inHTTPMethod},
	"POST":     {in: inHTTPMethod},
	"PUT":      {in: inHTTPMethod},
	"PATCH":    {in: inHTTPMethod},
	"DELETE":   {in: inHTTPMethod},
	"HEAD":     {in: inHTTPMethod},
	"OPTIONS":  {in: inHTTPMethod},
	"TRACE":    {in: inHTTPMethod},
	"CONNECT":  {in: inHTTPMethod},
	"Param":    {in: inHTTP | inParams, opens: inAttribute},
	"Params":   {in: inHTTP, opens: inParams},
	"Header":   {in: inHTTP | inHeaders | inResponse | inErrorResponse | inResponseHeaders, opens: inAttribute},
	"Headers":  {in: inHTTP | inResponse | inErrorResponse, opens: inHeaders},
	"Body":     {in: inHTTPMethod | inResponse | inErrorResponse, opens: inBody, once: true},
	"Response": {in: inHTTP},
	"Code":     {in: inResponse | inErrorResponse, once: true},

	"ServerSentEvents": {in: inHTTP, opens: inSSE, once: true},
	"SSEEventData":     {in: inSSE, once: true},
	"SSEEventValue":    {in: inSSE, once: true},
	"SSEEventType":     {in: inSSE, once: true},
	"SSEEventID":       {in: inSSE, once: true},
	"SSEEventRetry":    {in: inSSE, once: true},
	"SSERequestID":     {in: inSSE, once: true},
	"SSEDone":          {in: inSSE, once: true},
	"SSEControlEvents": {in: inSSE, once: true},
	"SSEHeartbeat":     {in: inSSE, once: true},

	"Meta":           {state: ignored},
	"RemoveMeta":     {state: ignored},
	"Docs":           {state: ignored},
	"Contact":        {state: ignored},
	"License":        {state: ignored},
	"TermsOfService": {state: ignored},
	"Randomizer":     {state: ignored},
	"Deprecated":     {state: ignored},
}
