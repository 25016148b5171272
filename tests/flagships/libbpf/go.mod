module flagship

go 1.24

require github.com/aquasecurity/libbpfgo v0.4.5-libbpf-1.0.1
