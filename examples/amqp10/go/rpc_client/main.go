// Asks the server behind the queue "rpc" for Fibonacci numbers.
//
//	rpc_client N...
package main

import (
	"context"
	"fmt"
	"os"

	"chasqui.example/amqp10/broker"
	"github.com/Azure/go-amqp"
)

func main() {
	broker.Run(ask)
}

func ask(ctx context.Context, session *amqp.Session) error {
	// A queue that the broker makes for this receiver and deletes with it; the broker chooses its address.
	receiver, err := session.NewReceiver(ctx, "", &amqp.ReceiverOptions{DynamicAddress: true, Credit: 10})
	if err != nil {
		return err
	}
	replyTo := receiver.Address()
	sender, err := session.NewSender(ctx, "/queues/rpc", nil)
	if err != nil {
		return err
	}
	// Ask everything at once; the correlation id tells which answer belongs to which question.
	questions := map[any]string{}
	for i, n := range os.Args[1:] {
		question := amqp.NewMessage([]byte(n))
		id := fmt.Sprintf("question-%d", i)
		question.Properties = &amqp.MessageProperties{ReplyTo: &replyTo, CorrelationID: id}
		questions[id] = n
		if err := sender.Send(ctx, question, nil); err != nil {
			return err
		}
	}
	for len(questions) > 0 {
		answer, err := broker.Receive(ctx, receiver)
		if err != nil {
			return err
		}
		if err := receiver.AcceptMessage(ctx, answer); err != nil {
			return err
		}
		id := answer.Properties.CorrelationID
		if n, asked := questions[id]; asked {
			fmt.Printf("fibonacci(%s) = %s\n", n, answer.GetData())
			delete(questions, id)
		}
	}
	return nil
}
