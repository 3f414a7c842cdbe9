// Pause holds a pod's namespaces open: it waits to be told to stop and reaps what is orphaned in a shared process namespace.
// It stands in for registry.k8s.io/pause, of which it keeps the entry point (/pause) and the user (65535).
package main

import (
	"os"
	"os/signal"
	"syscall"
)

func main() {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	for received := range signals {
		if received != syscall.SIGCHLD {
			return
		}
		for {
			if child, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); child <= 0 || err != nil {
				break
			}
		}
	}
}
