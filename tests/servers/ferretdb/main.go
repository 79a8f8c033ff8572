// FerretDB as a program of our own: the released one cannot be built from the module proxy, and would report home.
package main

import (
	"context"
	"os"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	config := &ferretdb.Config{Handler: "sqlite", SQLiteURL: "file:" + os.Args[2] + "/"}
	config.Listener.TCP = os.Args[1]
	server, err := ferretdb.New(config)
	if err == nil {
		err = server.Run(context.Background())
	}
	if err != nil {
		panic(err)
	}
}
