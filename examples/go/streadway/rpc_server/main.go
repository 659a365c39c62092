// Answers requests for Fibonacci numbers that arrive in the queue "rpc".
//
//	rpc_server [count]
package main

import (
	"cmp"
	"errors"
	"fmt"
	"log"
	"os"
	"strconv"
	"time"

	"github.com/streadway/amqp"
)

const patience = 30 * time.Second

func main() {
	count := 1
	if len(os.Args) > 1 {
		count, _ = strconv.Atoi(os.Args[1])
	}
	if err := serve(count); err != nil {
		log.Fatal(err)
	}
}

func serve(count int) error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	queue, err := ch.QueueDeclare("rpc", false, false, false, false, nil)
	if err != nil {
		return err
	}
	if err := ch.Qos(1, 0, false); err != nil {
		return err
	}
	requests, err := ch.Consume(queue.Name, "", false, false, false, false, nil)
	if err != nil {
		return err
	}
	fmt.Println("waiting")
	for range count {
		select {
		case request, open := <-requests:
			if !open {
				return errors.New("the broker closed the channel")
			}
			if err := answer(ch, request); err != nil {
				return err
			}
		case <-time.After(patience):
			return errors.New("no request came")
		}
	}
	return nil
}

func answer(ch *amqp.Channel, request amqp.Delivery) error {
	n, err := strconv.Atoi(string(request.Body))
	if err != nil {
		return err
	}
	// The request names the queue to answer to; its correlation id tells the client which question this is about.
	err = ch.Publish("", request.ReplyTo, false, false, amqp.Publishing{
		CorrelationId: request.CorrelationId,
		ContentType:   "text/plain",
		Body:          []byte(strconv.Itoa(fibonacci(n))),
	})
	if err != nil {
		return err
	}
	fmt.Printf("answered %d\n", n)
	return request.Ack(false)
}

func fibonacci(n int) int {
	a, b := 0, 1
	for range n {
		a, b = b, a+b
	}
	return a
}
