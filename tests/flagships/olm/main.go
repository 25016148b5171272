// libolm, the encryption of Matrix: two accounts, a session between them, a letter that only the other one reads.
package main

import (
	"fmt"
	"log"

	"maunium.net/go/mautrix/crypto/libolm"
)

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func main() {
	alice, bob := must(libolm.NewAccount()), must(libolm.NewAccount())
	if err := bob.GenOneTimeKeys(1); err != nil {
		log.Fatal(err)
	}
	_, identity, err := bob.IdentityKeys()
	if err != nil {
		log.Fatal(err)
	}
	for _, key := range must(bob.OneTimeKeys()) {
		to := must(alice.NewOutboundSession(identity, key))
		kind, letter, err := to.Encrypt([]byte("a letter"))
		if err != nil {
			log.Fatal(err)
		}
		from := must(bob.NewInboundSession(string(letter)))
		fmt.Printf("read: %s\n", must(from.Decrypt(string(letter), kind)))
		letter[len(letter)/2] ^= 1
		_, err = from.Decrypt(string(letter), kind)
		fmt.Println("forged refused:", err != nil)
	}
}
