// Two signatures of BLS12-381 by blst, added up and verified as one, then a forged message refused.
package main

import (
	"fmt"

	blst "github.com/supranational/blst/bindings/go"
)

const scheme = "BLS_SIG_BLS12381G2_XMD:SHA-256_SSWU_RO_POP_"

func main() {
	message := []byte("a message of thirty-two bytes...")
	sum := new(blst.P2Aggregate)
	var keys []*blst.P1Affine
	for i := byte(1); i <= 2; i++ {
		seed := make([]byte, 32)
		seed[0] = i
		secret := blst.KeyGen(seed)
		keys = append(keys, new(blst.P1Affine).From(secret))
		if !sum.Add(new(blst.P2Affine).Sign(secret, message, []byte(scheme)), true) {
			panic("the signature is not in its group")
		}
	}
	signature := sum.ToAffine()
	fmt.Println("verified:", signature.FastAggregateVerify(true, keys, message, []byte(scheme)))
	fmt.Println("forged:", signature.FastAggregateVerify(true, keys, []byte("another message"), []byte(scheme)))
	fmt.Printf("signature of %d bytes\n", len(signature.Compress()))
}
