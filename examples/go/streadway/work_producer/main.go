// Puts tasks into the durable queue "tasks", to be shared among workers.
//
//	work_producer [count]
package main

import (
	"cmp"
	"fmt"
	"log"
	"os"
	"strconv"

	"github.com/streadway/amqp"
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
	// A durable queue and persistent messages: both are there again after the broker restarts.
	queue, err := ch.QueueDeclare("tasks", true, false, false, false, nil)
	if err != nil {
		return err
	}
	for i := 1; i <= count; i++ {
		body := fmt.Sprintf("task %d", i)
		err := ch.Publish("", queue.Name, false, false, amqp.Publishing{
			DeliveryMode: amqp.Persistent,
			ContentType:  "text/plain",
			Body:         []byte(body),
		})
		if err != nil {
			return err
		}
		fmt.Println("sent", body)
	}
	return nil
}
