// Sends greetings to the queue "hello".
//
//	hello_producer [count]
package main

import (
	"context"
	"fmt"

	"chasqui.example/amqp10/broker"
	"github.com/Azure/go-amqp"
)

func main() {
	broker.Run(produce)
}

func produce(ctx context.Context, session *amqp.Session) error {
	if err := broker.DeclareQueue(ctx, session, "hello"); err != nil {
		return err
	}
	sender, err := session.NewSender(ctx, "/queues/hello", nil)
	if err != nil {
		return err
	}
	for i := range broker.Count() {
		message := amqp.NewMessage(fmt.Appendf(nil, "hello %d", i+1))
		message.Header = &amqp.MessageHeader{Durable: true}
		// Returns once the broker has accepted the message; a durable one is on disk then.
		if err := sender.Send(ctx, message, nil); err != nil {
			return err
		}
		fmt.Printf("sent hello %d\n", i+1)
	}
	return nil
}
