// Receives greetings from the queue "hello".
//
//	hello_consumer [count]
package main

import (
	"context"
	"fmt"

	"chasqui.example/amqp10/broker"
	"github.com/Azure/go-amqp"
)

func main() {
	broker.Run(consume)
}

func consume(ctx context.Context, session *amqp.Session) error {
	if err := broker.DeclareQueue(ctx, session, "hello"); err != nil {
		return err
	}
	// The credit says how many messages the broker may send ahead of what was accepted.
	receiver, err := session.NewReceiver(ctx, "/queues/hello", &amqp.ReceiverOptions{Credit: 10})
	if err != nil {
		return err
	}
	fmt.Println("waiting")
	for range broker.Count() {
		message, err := broker.Receive(ctx, receiver)
		if err != nil {
			return err
		}
		fmt.Printf("received %s\n", message.GetData())
		// The queue keeps a message until it is accepted; what is not goes back when the connection ends.
		if err := receiver.AcceptMessage(ctx, message); err != nil {
			return err
		}
	}
	return nil
}
