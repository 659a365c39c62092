// Answers requests for Fibonacci numbers that arrive in the queue "rpc".
//
//	rpc_server [count]
package main

import (
	"context"
	"fmt"
	"strconv"

	"chasqui.example/amqp10/broker"
	"github.com/Azure/go-amqp"
)

func main() {
	broker.Run(serve)
}

func serve(ctx context.Context, session *amqp.Session) error {
	if err := broker.DeclareQueue(ctx, session, "rpc"); err != nil {
		return err
	}
	receiver, err := session.NewReceiver(ctx, "/queues/rpc", &amqp.ReceiverOptions{Credit: 1})
	if err != nil {
		return err
	}
	// A sender to nowhere in particular: each message says itself where it goes.
	sender, err := session.NewSender(ctx, "", nil)
	if err != nil {
		return err
	}
	fmt.Println("waiting")
	for range broker.Count() {
		request, err := broker.Receive(ctx, receiver)
		if err != nil {
			return err
		}
		if err := answer(ctx, sender, request); err != nil {
			return err
		}
		if err := receiver.AcceptMessage(ctx, request); err != nil {
			return err
		}
	}
	return nil
}

func answer(ctx context.Context, sender *amqp.Sender, request *amqp.Message) error {
	n, err := strconv.Atoi(string(request.GetData()))
	if err != nil {
		return err
	}
	answer := amqp.NewMessage([]byte(strconv.Itoa(fibonacci(n))))
	// The request names the address to answer to; its correlation id tells the client which question this is about.
	answer.Properties = &amqp.MessageProperties{
		To:            request.Properties.ReplyTo,
		CorrelationID: request.Properties.CorrelationID,
	}
	if err := sender.Send(ctx, answer, nil); err != nil {
		return err
	}
	fmt.Printf("answered %d\n", n)
	return nil
}

func fibonacci(n int) int {
	a, b := 0, 1
	for range n {
		a, b = b, a+b
	}
	return a
}
