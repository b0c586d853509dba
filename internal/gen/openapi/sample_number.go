package openapi

import (
	"encoding/json"
	"math/big"

	"github.com/courant-dev/courant/model"
)

// numbers are the examples of numbers by the last word of the name. They stay
// below 2^53.
var numbers = map[string]string{
	"age": "36", "count": "3", "duration": "30", "height": "480", "id": "42", "index": "0", "length": "120",
	"limit": "20", "offset": "0", "page": "1", "port": "8080", "position": "7", "priority": "2",
	"quantity": "2", "retry": "3000", "size": "1024", "status": "200", "timeout": "30", "timestamp": "1768469400",
	"at": "1768469400", "time": "1768469400", "total": "128", "version": "1", "width": "640", "year": "2026",
	"amount": "19.99", "latitude": "52.52", "longitude": "13.405", "percent": "12.5", "price": "19.99",
	"rate": "0.5", "ratio": "0.5", "score": "0.87", "temperature": "21.5", "weight": "1.5",
}

// sampleNumber returns a number that satisfies the rules: the usual one for the
// name, or the bound that it is beyond.
func sampleNumber(name string, k model.Kind, r model.Rules) json.RawMessage {
	usual, ok := numbers[lastWord(name)]
	if !ok {
		usual = "1"
	}
	n := rational(usual)
	if minimum := rational(string(r.Minimum)); minimum != nil && n.Cmp(minimum) < 0 {
		n = minimum
	}
	if maximum := rational(string(r.Maximum)); maximum != nil && n.Cmp(maximum) > 0 {
		n = maximum
	}
	if k.IsInteger() {
		return json.RawMessage(integer(n, r).String())
	}
	if n.IsInt() {
		return json.RawMessage(n.Num().String())
	}
	f, _ := n.Float64()
	out, err := json.Marshal(f)
	return ignore(out, err)
}

// integer rounds n down, or up where down is below the minimum.
func integer(n *big.Rat, r model.Rules) *big.Int {
	floor := new(big.Int).Div(n.Num(), n.Denom())
	if minimum := rational(string(r.Minimum)); minimum != nil && new(big.Rat).SetInt(floor).Cmp(minimum) < 0 {
		floor.Add(floor, big.NewInt(1))
	}
	return floor
}

// rational returns the exact value of the decimal number, or nil.
func rational(decimal string) *big.Rat {
	n, ok := new(big.Rat).SetString(decimal)
	if !ok {
		return nil
	}
	return n
}
