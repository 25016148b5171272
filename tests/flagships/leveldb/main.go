// LevelDB (C++): written in a batch with compression, read back by an iterator after it was closed.
package main

import (
	"fmt"
	"log"

	"github.com/jmhodges/levigo"
)

func open() *levigo.DB {
	options := levigo.NewOptions()
	options.SetCreateIfMissing(true)
	options.SetCompression(levigo.SnappyCompression)
	db, err := levigo.Open("database", options)
	if err != nil {
		log.Fatal(err)
	}
	return db
}

func main() {
	db := open()
	batch := levigo.NewWriteBatch()
	for i := 0; i < 10000; i++ {
		batch.Put([]byte(fmt.Sprintf("key%05d", i)), []byte(fmt.Sprintf("value of %d", i)))
	}
	if err := db.Write(levigo.NewWriteOptions(), batch); err != nil {
		log.Fatal(err)
	}
	db.CompactRange(levigo.Range{})
	db.Close()

	db = open()
	defer db.Close()
	it := db.NewIterator(levigo.NewReadOptions())
	defer it.Close()
	rows := 0
	for it.SeekToFirst(); it.Valid(); it.Next() {
		rows++
	}
	value, err := db.Get(levigo.NewReadOptions(), []byte("key04711"))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d rows, key04711 is %q\n", rows, value)
}
