// Chinese cut into words by CppJieba, with the dictionaries of the module.
package main

import (
	"fmt"
	"strings"

	"github.com/yanyiwu/gojieba"
)

func main() {
	jieba := gojieba.NewJieba("dict/jieba.dict.utf8", "dict/hmm_model.utf8", "dict/user.dict.utf8", "dict/idf.utf8",
		"dict/stop_words.utf8")
	defer jieba.Free()
	fmt.Println(strings.Join(jieba.Cut("我来到北京清华大学", true), "/"))
}
