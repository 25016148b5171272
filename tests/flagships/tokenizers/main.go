// Hugging Face's tokenizers (Rust), of whose module the archive is not a part.
package main

import (
	"fmt"
	"log"

	"github.com/daulet/tokenizers"
)

func main() {
	tokenizer, err := tokenizers.FromBytes([]byte(`{"version":"1.0","truncation":null,"padding":null,"added_tokens":[],
		"normalizer":{"type":"Lowercase"},"pre_tokenizer":{"type":"Whitespace"},"post_processor":null,"decoder":null,
		"model":{"type":"WordLevel","vocab":{"hello":0,"world":1,"[UNK]":2},"unk_token":"[UNK]"}}`))
	if err != nil {
		log.Fatal(err)
	}
	defer tokenizer.Close()
	ids, words := tokenizer.Encode("Hello world", false)
	fmt.Println(ids, words)
}
