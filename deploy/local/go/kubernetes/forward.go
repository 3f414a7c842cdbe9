package main

import (
	"io"
	"net"
	"sync"
)

// forward passes every connection that arrives at one address on to another. It ends only when listening fails.
func forward(listen, target string) error {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	for {
		client, err := listener.Accept()
		if err != nil {
			return err
		}
		go join(client.(*net.TCPConn), target)
	}
}

func join(client *net.TCPConn, target string) {
	defer client.Close()
	dialed, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	server := dialed.(*net.TCPConn)
	defer server.Close()
	var directions sync.WaitGroup
	directions.Go(func() { pass(client, server) })
	directions.Go(func() { pass(server, client) })
	directions.Wait()
}

// pass copies until the sender is done and says so to the receiver, whose own direction stays open. When either side
// breaks, both are closed, so that the other direction does not wait for ever.
func pass(from, to *net.TCPConn) {
	if _, err := io.Copy(to, from); err != nil {
		from.Close()
		to.Close()
		return
	}
	to.CloseWrite()
}
