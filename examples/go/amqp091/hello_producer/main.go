// Sends greetings to the queue "hello".
//
//	hello_producer [count]
package main

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"
	"strconv"

	amqp "github.com/rabbitmq/amqp091-go"
)

func main() {
	count := 1
	if len(os.Args) > 1 {
		count, _ = strconv.Atoi(os.Args[1])
	}
	if err := send(count); err != nil {
		log.Fatal(err)
	}
}

func send(count int) error {
	conn, err := amqp.Dial(cmp.Or(os.Getenv("AMQP_URL"), "amqp://guest:guest@localhost:5672/"))
	if err != nil {
		return err
	}
	defer conn.Close()
	ch, err := conn.Channel()
	if err != nil {
		return err
	}
	// Either side may come first: declaring a queue that exists already changes nothing.
	queue, err := ch.QueueDeclare("hello", false, false, false, false, nil)
	if err != nil {
		return err
	}
	for i := 1; i <= count; i++ {
		body := fmt.Sprintf("hello %d", i)
		// The default exchange, named "", leads to the queue called like the routing key.
		err := ch.PublishWithContext(context.Background(), "", queue.Name, false, false, amqp.Publishing{
			ContentType: "text/plain",
			Body:        []byte(body),
		})
		if err != nil {
			return err
		}
		fmt.Println("sent", body)
	}
	return nil
}
