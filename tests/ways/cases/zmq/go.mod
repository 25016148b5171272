module example.com/zmq

go 1.21
