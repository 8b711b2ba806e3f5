#include "agent/aws/ecs_messages.h"

#include <algorithm>

#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

constexpr EcsMessage messages[] = {
    // ── The host itself: nothing of the VPC
    {.blame = Blame::application,
     .meaning =
         "nothing listens on the log router's socket: the FireLens or fluentd container is not running, "
         "or not yet",
     .step = "connecting to the log router",
     .patterns = {"failed to initialize logging driver…dial unix", "failed to initialize logging driver…127.",
                  "failed to initialize logging driver…dial tcp [::1]",
                  "failed to initialize logging driver…localhost", "fluent.sock"},
     .decides = true,
     .is_not = "CloudWatch Logs, an endpoint or a policy of AWS: the socket is on the task's own host",
     .next = "Check why the log router (the container with firelensConfiguration) ended: its own reason and "
             "exitCode. Let the others wait for it with dependsOn"},
    {.blame = Blame::platform,
     .meaning = "the volume plug-in of the container runtime on the instance did not answer in time; for an "
                "EFS volume it often waits for the mount target",
     .step = "creating the volume",
     .patterns = {"amazon-ecs-volume-plugin"},
     .decides = true,
     .is_not = "a VPC endpoint: the agent calls a socket on its own host",
     .next =
         "Check from the instance that the mount target answers on TCP 2049: vpc-probe run --launch-type ec2 "
         "--services efs:<fs-id>. Then read /var/log/ecs/ecs-volume-plugin.log"},
    {.blame = Blame::platform,
     .meaning = "the container runtime on the host (Docker or containerd) does not answer",
     .step = "calling the container runtime",
     .patterns = {"http://docker/", "http+docker:", "http://%2f", "docker.sock", "containerd.sock",
                  "connect to the docker daemon", "containerd…dial unix", "volumedriver.", "logdriver.",
                  "docker_engine", "ttrpc: closed", "/docker/plugins/"},
     .decides = true,
     .is_not = "the VPC, an endpoint or a permission: the agent calls a socket on its own host",
     .next =
         "On EC2 check the Docker daemon (systemctl status docker), the disk and the CPU of the instance. On "
         "Fargate start the task again"},

    // ── Before anything of the task runs
    {.blame = Blame::capacity,
     .meaning = "the container instance has no free network interface for a task in awsvpc mode",
     .step = "giving the task a network interface",
     .patterns = {"resource:eni", "encountered error \"eni", "eni limit", "attachmentlimitexceeded"},
     .decides = true,
     .is_not = "a blocked path: the task never got its network interface",
     .next = "Use larger or more instances, or turn on ENI trunking (account setting awsvpcTrunking)"},
    {.blame = Blame::platform,
     .meaning = "the ECS agent on the container instance is not connected to ECS",
     .step = "sending the task to an instance",
     .patterns = {"^agent$", "reason: agent$", "taskfailedtostart: agent", "agent is not connected",
                  "agent disconnected", "encountered error \"agent", "have the agent connected",
                  "agent connected: false", "agentconnected: false", "'reason': 'agent'"},
     .decides = true,
     .is_not = "a mistake in the task definition",
     .next = "Read the agent's log on the instance. In a private subnet the agent needs ecs, ecs-agent and "
             "ecs-telemetry: vpc-probe run --services ecs,ecs-agent,ecs-telemetry"},
    {.service = "ecs-agent",
     .blame = Blame::connection,
     .meaning = "the ECS agent on the instance cannot reach its control endpoint",
     .step = "connecting the agent to ECS",
     .patterns = {"connecting to acs", "connecting to tcs", "discoverpollendpoint", "disconnected from acs"},
     .is_not = "the task definition: the agent itself has no connection",
     .next = "Probe from the instance's subnet: vpc-probe run --launch-type ec2 --services "
             "ecs,ecs-agent,ecs-telemetry"},
    {.blame = Blame::platform,
     .meaning = "the cluster has no container instance: none was started, or those that run cannot register "
                "with ECS",
     .step = "finding a container instance",
     .patterns = {"no container instances were found in your"},
     .decides = true,
     .is_not = "the image or the task definition: nothing was started",
     .next =
         "If instances run and aws ecs list-container-instances does not show them, read the agent's log on "
         "one. In a private subnet the agent needs ecs, ecs-agent and ecs-telemetry: vpc-probe run "
         "--services ecs,ecs-agent,ecs-telemetry"},
    {.blame = Blame::capacity,
     .meaning = "the capacity provider or the cluster has no active container instance",
     .step = "finding a container instance",
     .patterns = {"empty capacity provider", "no active instances"},
     .decides = true,
     .is_not = "the image, a permission or an endpoint: nothing was started",
     .next = "Check the Auto Scaling group of the capacity provider: its size, its limits and its activity "
             "history: aws autoscaling describe-scaling-activities --auto-scaling-group-name <group>"},
    {.blame = Blame::capacity,
     .meaning =
         "no container instance of the cluster has the CPU, memory, ports or GPUs that the task asks for",
     .step = "finding a container instance",
     .patterns = {"resource:cpu", "resource:memory", "resource:ports", "resource:gpu",
                  "insufficient memory available", "insufficient cpu units available", "enough cpu units",
                  "enough memory available", "already using a port required", "resource:fpga",
                  "resource:pidmode", "insufficient gpu"},
     .decides = true,
     .is_not = "the image, a permission or an endpoint: nothing was started",
     .next = "Read the service's events and compare what the instances have left: aws ecs "
             "describe-container-instances"},
    {.blame = Blame::configuration,
     .meaning = "no container instance has an attribute that the task definition or a placement constraint "
                "requires",
     .step = "finding a container instance",
     .patterns = {"missing an attribute required", "placement constraint", "memberof", "^attribute$",
                  "reason: attribute$", "'reason': 'attribute'", "taskfailedtostart: attribute", "^location$",
                  "distinctinstance"},
     .decides = true,
     .is_not = "the network or a permission: nothing was started",
     .next =
         "Compare requiresAttributes (aws ecs describe-task-definition) with the instances' attributes (aws "
         "ecs list-attributes --target-type container-instance): a log driver, a volume plug-in, a network "
         "mode or the CPU architecture is missing"},
    {.blame = Blame::capacity,
     .meaning = "no container instance of the cluster fits the task",
     .step = "finding a container instance",
     .patterns = {"no container instance met all of its requirements"},
     .decides = true,
     .is_not = "the image: nothing was started",
     .next =
         "Read the whole service event: the reason is at its end. Compare what the instances have left: aws "
         "ecs describe-container-instances"},
    {.blame = Blame::quota,
     .meaning = "the account's quota of Fargate tasks or vCPUs that run at once in this Region is reached",
     .step = "starting the task on Fargate",
     .patterns = {"reached the limit on the number of", "concurrent tasks limit", "limit on concurrent tasks",
                  "configuration is above your limit", "fargate…vcpu…quota", "fargate…resource count…quota"},
     .decides = true,
     .is_not = "the network or a permission: nothing was started",
     .next = "Stop what is not needed, or raise the quota (a new account starts low): aws service-quotas "
             "list-service-quotas --service-code fargate"},
    {.blame = Blame::capacity,
     .meaning = "Fargate has no capacity for this task in this Availability Zone now",
     .step = "starting the task on Fargate",
     .patterns = {"capacity is unavailable at this time", "resource:fargate",
                  "fargate capacity is unavailable", "insufficient capacity in the availability zone"},
     .decides = true,
     .is_not = "the network, a permission or a quota of the account",
     .next = "Give the service subnets in more Availability Zones, add FARGATE to FARGATE_SPOT, or try again "
             "later"},
    {.blame = Blame::capacity,
     .meaning = "Fargate could not provide the task's ephemeral storage in time",
     .step = "providing the task's storage on Fargate",
     .patterns = {"ephemeralstorage provisioning", "ephemeral storage provisioning"},
     .decides = true,
     .is_not = "the network or a permission: nothing was started",
     .next = "Start the task again, in another Availability Zone if it stays, or with less ephemeralStorage; "
             "then open a support case"},
    {.blame = Blame::capacity,
     .meaning = "EC2 has no instance of this type in this Availability Zone now",
     .step = "starting a container instance",
     .patterns = {"insufficientinstancecapacity", "insufficient_instance_capacity",
                  "do not have sufficient…capacity", "cannot fulfill the capacity requested",
                  "no spot capacity available", "insufficient instance capacity"},
     .decides = true,
     .is_not = "the network, a permission or a quota of the account",
     .next = "Allow more instance types and more Availability Zones, or add On-Demand capacity"},
    {.blame = Blame::configuration,
     .meaning = "EC2 does not offer this instance type in this Availability Zone",
     .step = "starting a container instance",
     .patterns = {"not supported in your requested availability zone"},
     .decides = true,
     .is_not = "the network, a permission or a quota of the account",
     .next = "Choose another instance type or other subnets: aws ec2 describe-instance-type-offerings "
             "--location-type availability-zone"},
    {.blame = Blame::permission,
     .meaning = "AWS has blocked the account, or the account is not subscribed to the service yet",
     .step = "calling an AWS API",
     .patterns = {"blockedexception", "account is currently blocked", "account has been blocked",
                  "optinrequired", "account is suspended"},
     .decides = true,
     .is_not = "the network or a policy of yours",
     .next = "Check the account's e-mail and billing, then open a support case"},
    {.blame = Blame::quota,
     .meaning = "the account's quota of running EC2 instances or vCPUs is reached",
     .step = "starting a container instance",
     .patterns = {"vcpulimitexceeded", "vcpu capacity than your current vcpu limit", "instancelimitexceeded",
                  "maxspotinstancecountexceeded", "max spot instance count exceeded"},
     .decides = true,
     .is_not = "the network or a permission: no instance was started",
     .next =
         "Raise the quota of the instance family: aws service-quotas list-service-quotas --service-code ec2"},
    {.blame = Blame::configuration,
     .meaning =
         "the compute environment of the AWS Batch queue can never run the job: the job asks for more than "
         "its limits or its instance types allow",
     .step = "finding an instance for the job",
     .patterns = {"misconfiguration:compute_environment_max_resource",
                  "misconfiguration:job_resource_requirement", "misconfiguration:ec2_instance_configuration"},
     .decides = true,
     .is_not = "the network or a permission: nothing was started",
     .next = "Compare the job's vCPUs, memory and GPUs with maxvCpus and instanceTypes: aws batch "
             "describe-compute-environments"},
    {.blame = Blame::permission,
     .meaning = "AWS Batch's own service role lacks a permission that it needs to start instances",
     .step = "finding an instance for the job",
     .patterns = {"misconfiguration:service_role_permissions"},
     .decides = true,
     .is_not = "the task's roles or the network: nothing was started",
     .next = "Use the service-linked role AWSServiceRoleForBatch, or attach AWSBatchServiceRole to the role "
             "of the "
             "compute environment"},
    {.blame = Blame::capacity,
     .meaning = "the subnet has no free address for the task's network interface",
     .step = "giving the task a network interface",
     .patterns = {"insufficientfreeaddressesinsubnet", "does not have enough free addresses",
                  "not enough free addresses", "insufficient free addresses", "no free ip addresses",
                  "create network interface…insufficient"},
     .decides = true,
     .is_not = "a blocked path or a permission: the task never got its address",
     .next = "Check what is left: aws ec2 describe-subnets --subnet-ids <subnet-id> --query "
             "'Subnets[].AvailableIpAddressCount'. Stop what is not needed, or add a larger subnet"},
    {.blame = Blame::quota,
     .meaning = "the account's quota of network interfaces, or of the requests for them, is reached",
     .step = "giving the task a network interface",
     .patterns = {"networkinterfacelimitexceeded", "maximum number of network interfaces"},
     .decides = true,
     .is_not = "a blocked path: the task never got its network interface",
     .next = "Raise the quota \"Network interfaces per Region\", or stop what is not needed"},
    {.blame = Blame::platform,
     .meaning = "ECS could not create or attach the task's network interface",
     .step = "giving the task a network interface",
     .patterns = {"unexpected ec2 error while attempting to", "network interface provisioning",
                  "network interface attachment", "eni attach", "containernetworkingerror"},
     .title = "ECS could not create or attach the task's network interface",
     .flag = "by_ecs",
     .is_not = "a blocked path to an endpoint: the task never got its network interface",
     .next =
         "Start the task again. If it stays, find the call in CloudTrail (CreateNetworkInterface) and read "
         "its error"},
    {.blame = Blame::platform,
     .meaning = "AWS took too long to provide a resource that the task needs",
     .step = "preparing the task",
     .patterns = {"timeout waiting for…provisioning to complete"},
     .is_not = "a blocked path of the task: nothing was started",
     .next = "Start the task again. If it stays, open a support case with the task's ARN"},
    {.blame = Blame::permission,
     .meaning =
         "ECS cannot assume the infrastructure role: its trust policy does not name ecs.amazonaws.com, the "
         "role does not exist, or the caller may not pass it (iam:PassRole)",
     .step = "assuming the ECS infrastructure role",
     .patterns = {"assume the configured ecs infrastructure role", "infrastructure role…trust relationship"},
     .decides = true,
     .is_not = "a permission that the role lacks: ECS does not have the role yet",
     .next =
         "Check the trust policy (aws iam get-role --role-name <role>). A role that was just created needs "
         "some seconds"},
    {.blame = Blame::permission,
     .meaning =
         "ECS cannot use the load balancer's target group: the service role lacks the permission or the "
         "trust policy, or the target group's ARN is wrong",
     .step = "registering the service with its load balancer",
     .patterns = {"assume role and validate the specified targetgroup",
                  "assume role and validate the listeners", "assume role and validate the load balancer"},
     .decides = true,
     .is_not = "the task's network: nothing was started",
     .next = "Give the target group's ARN (not its name), and leave the role out so that ECS uses "
             "AWSServiceRoleForECS; a role of your own must trust ecs.amazonaws.com"},
    {.blame = Blame::permission,
     .meaning = "ECS cannot assume the role in the task definition: its trust policy does not name "
                "ecs-tasks.amazonaws.com, or the role does not exist",
     .step = "assuming the task's roles",
     .patterns = {"unable to assume the role", "role is invalid or cannot be assumed"},
     .decides = true,
     .codes = {"denied-resource-policy"},
     .title = "ECS cannot assume the role in the task definition",
     .flag = "assumes_role",
     .is_not = "a permission that the role lacks: ECS does not have the role yet"},
    {.blame = Blame::permission,
     .meaning = "ECS cannot assume its own service-linked role, or the role does not exist",
     .step = "assuming ECS's own role",
     .patterns = {"unable to assume the service linked role", "unable to assume the service-linked role"},
     .decides = true,
     .codes = {"denied-unspecified"},
     .title = "ECS cannot assume its own service-linked role",
     .flag = "by_ecs",
     .is_not = "a permission of the task's roles, nor a blocked path: ECS calls from outside the VPC"},
    {.blame = Blame::configuration,
     .meaning = "no listener of a load balancer forwards to the target group of the service",
     .step = "registering the service with its load balancer",
     .patterns = {"does not have an associated load balancer"},
     .decides = true,
     .is_not = "the task's network: nothing was started",
     .next = "Create the listener or the rule that forwards to the target group first, then the service "
             "(Terraform: "
             "depends_on the listener)"},
    {.blame = Blame::configuration,
     .meaning = "the service uses the CODE_DEPLOY deployment controller: only CodeDeploy may change its task "
                "definition",
     .step = "updating the service",
     .patterns = {"code_deploy deployment controller"},
     .decides = true,
     .is_not = "the task or the network: nothing was started",
     .next =
         "Start a deployment with CodeDeploy: aws deploy create-deployment. In Terraform ignore changes of "
         "task_definition"},
    {.blame = Blame::configuration,
     .meaning =
         "ECS may neither stop an old task nor start a new one: minimumHealthyPercent and maximumPercent "
         "leave no room",
     .step = "deploying the service",
     .patterns = {"stop or start tasks during a deployment", "minimumhealthypercent or maximumpercent"},
     .decides = true,
     .is_not = "the task or the network: nothing was started",
     .next = "Lower minimumHealthyPercent or raise maximumPercent: with one task, 100 and 100 leave no room"},
    {.blame = Blame::configuration,
     .meaning = "the Fargate platform version lacks something that the task definition needs",
     .step = "starting the task on Fargate",
     .patterns = {"platformtaskdefinitionincompatibility", "platformunknownexception",
                  "does not satisfy the task definition's required capabilities"},
     .decides = true,
     .is_not = "the network or a permission: nothing was started",
     .next = "Use platformVersion LATEST (or 1.4.0), and check runtimePlatform and the volumes of the task "
             "definition"},
    {.blame = Blame::configuration,
     .meaning = "the cluster, the service or the task definition exists, but it is inactive (deleted or "
                "deregistered)",
     .step = "starting the task",
     .patterns = {"cluster was inactive", "taskdefinition is inactive", "task definition is inactive",
                  "service was not active", "servicenotactiveexception"},
     .decides = true,
     .is_not = "the network or a permission: ECS found it",
     .next = "Use an active revision, or create it again: aws ecs describe-task-definition, aws ecs "
             "describe-clusters"},
    {.blame = Blame::permission,
     .meaning = "CodeDeploy's service role lacks permissions on ECS or on the load balancer",
     .step = "deploying with CodeDeploy",
     .patterns = {"does not give you permission to perform operations"},
     .decides = true,
     .is_not = "the task's roles or its network: nothing was started",
     .next = "Attach AWSCodeDeployRoleForECS to the role of the deployment group"},
    {.blame = Blame::configuration,
     .meaning = "no listener of the load balancer forwards to the target group of the primary task set",
     .step = "deploying with CodeDeploy",
     .patterns = {"must be behind listener"},
     .decides = true,
     .is_not = "the task or its network: nothing was started",
     .next = "Point the production listener at the target group that the primary task set uses (aws ecs "
             "describe-services: taskSets), then deploy again"},
    {.blame = Blame::configuration,
     .meaning = "Fargate has no task size with this CPU and memory",
     .step = "registering the task definition",
     .patterns = {"no fargate configuration exists", "invalid 'cpu' setting", "invalid 'memory' setting"},
     .decides = true,
     .is_not = "a quota or the network: nothing was started",
     .next = "Use a pair of AWS's list \"Task size\": 256 CPU units go with 512 to 2048 MiB, and so on"},
    {.blame = Blame::limit,
     .meaning = "AWS throttles the calls that ECS makes for the service; ECS tries again by itself",
     .step = "starting the task",
     .patterns = {"operations are being throttled", "operation_throttled"},
     .decides = true,
     .is_not = "the task or its network",
     .next = "If it stays, deploy fewer services and tasks at once"},
    {.blame = Blame::platform,
     .meaning = "ECS could not create or attach the task's EBS volume",
     .step = "attaching the EBS volume",
     .patterns = {"ebs volume…task", "task…ebs volume", "amazonebs", "ecs…volume attachment"},
     .is_not = "a blocked path: ECS calls EC2 from outside the VPC",
     .next = "Read statusReason of the attachment (aws ecs describe-tasks). Check the infrastructure role's "
             "policy (AmazonECSInfrastructureRolePolicyForVolumes), the KMS key and the EBS quotas"},
    {.blame = Blame::configuration,
     .meaning = "the volume of the task definition cannot be created as it is written",
     .step = "creating the volume",
     .patterns = {"cannotcreatevolumeerror", "volume…already exists with different"},
     .next = "Compare the volume's driver and its options with what the instance has"},
    {.blame = Blame::configuration,
     .meaning =
         "the agent cannot turn the container definition into a Docker configuration: a mount point, a "
         "link or a volume is wrong",
     .step = "preparing the container",
     .patterns = {"hostconfigerror", "dockerclientconfigerror", "unable to resolve volume mounts",
                  "bind source path does not exist"},
     .decides = true,
     .is_not = "the network or a permission: nothing was pulled or started",
     .next =
         "Check mountPoints, volumes and links of the task definition; on EC2 also the disk of the instance"},
    {.blame = Blame::platform,
     .meaning = "a container with the same name is still on the instance",
     .step = "creating the container",
     .patterns = {"container name…is already in use by container"},
     .decides = true,
     .is_not = "the network or a permission: the image was pulled",
     .next = "Remove the old container on the instance (docker rm), or replace the instance; the ECS agent's "
             "state "
             "and Docker's differ"},
    {.blame = Blame::platform,
     .meaning = "the agent on the instance could not create the task's cgroup",
     .step = "preparing the task on the instance",
     .patterns = {"cgrouperror", "create task's platform resources", "mountpoint for cgroup",
                  "cgroup mount destination"},
     .decides = true,
     .is_not = "the network or a permission: nothing was pulled or started",
     .next =
         "Start the task again on another instance. Check the load of the instance and task-level CPU limits "
         "that exceed its CPUs"},

    // ── EFS volumes
    {.service = "efs",
     .blame = Blame::configuration,
     .meaning =
         "the directory that the volume names (rootDirectory, or the access point's path) does not exist "
         "on the file system",
     .step = "mounting the EFS volume",
     .patterns = {"efs utils…no such file or directory", "mount.nfs4…no such file or directory"},
     .decides = true,
     .is_not = "a blocked path: the mount target answered",
     .next = "Create the directory, or let an access point create it (creationInfo)"},
    {.service = "efs",
     .blame = Blame::connection,
     .wording = "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: "
                "stderr: … mount.nfs4 … unsuccessful EFS utils command execution; code: 32",
     .meaning = "the task cannot reach the EFS mount target on TCP 2049 (NFS)",
     .step = "mounting the EFS volume",
     .patterns = {"failed to invoke efs utils", "efs utils command", "mount.nfs4", "mount.efs",
                  "mount.nfs:", "mount attempt 1/", "mount attempt 2/", "mount attempt 3/"},
     .is_not = "the elasticfilesystem endpoint: mounting goes to the mount target, by NFS",
     .next = "Check from the same subnet and security group whether the mount target has a name and answers: "
             "vpc-probe run --services efs:<fs-id>. Then check the volume's access point, IAM and directory"},

    // ── Registry login and secrets: words that name the cause go first
    {.service = "secretsmanager",
     .blame = Blame::configuration,
     .meaning =
         "the secret exists, but it has no value under this staging label or version: nothing was stored "
         "in it yet, or the label moved",
     .step = "reading the secret's value",
     .patterns = {"secret value for staging label", "secret value for versionid", "secret value for version",
                  "find the specified secret value"},
     .decides = true,
     .is_not = "a wrong name, the network or a permission: Secrets Manager found the secret",
     .next =
         "Store a value: aws secretsmanager put-secret-value --secret-id <secret> --secret-string <value>. "
         "Check which labels exist: aws secretsmanager list-secret-version-ids --secret-id <secret>"},
    {.service = "secretsmanager",
     .blame = Blame::configuration,
     .meaning = "the secret exists, but it is scheduled for deletion",
     .step = "reading the secret's value",
     .patterns = {"secret…marked for deletion", "secret…scheduled for deletion", "secret…marked deleted"},
     .decides = true,
     .is_not = "a wrong name, the network or a permission: Secrets Manager found the secret",
     .next = "Restore it: aws secretsmanager restore-secret --secret-id <secret>"},
    {.service = "secretsmanager",
     .blame = Blame::configuration,
     .meaning = "the secret exists, but it has no such JSON key",
     .step = "reading a key of the secret",
     .patterns = {"did not contain json key", "does not contain json key"},
     .decides = true,
     .is_not = "the network or a permission: the secret was read",
     .next =
         "Compare the key in the task definition's valueFrom (ARN:KEY:STAGE:VERSION) with the secret's own, "
         "letter by letter"},
    {.service = "secretsmanager",
     .blame = Blame::configuration,
     .meaning = "the task definition asks for a JSON key, but the secret's value is not a JSON object",
     .step = "reading a key of the secret",
     .patterns = {"secret…invalid character…looking for beginning", "secret…cannot unmarshal",
                  "parsing json…secret", "secret…unexpected end of json input",
                  "secret…invalid character…after"},
     .decides = true,
     .is_not = "the network or a permission: the secret was read",
     .next = "Leave the key out of valueFrom, or store the secret as a JSON object (with double quotes)"},
    {.service = "secretsmanager",
     .blame = Blame::configuration,
     .meaning = "ECS cannot read the ARN in valueFrom",
     .step = "reading the secret's ARN",
     .patterns = {"unexpected arn format with parameters", "unable to parse…secret…arn",
                  "invalid name. must be a valid name"},
     .decides = true,
     .is_not = "the network or a permission: nothing was called",
     .next = "Write ARN:KEY:STAGE:VERSION. A part that is left out keeps its colon"},
    {.blame = Blame::configuration,
     .meaning = "the KMS key exists, but it is disabled or scheduled for deletion",
     .step = "decrypting the secret",
     .patterns = {"kmsinvalidstateexception", "kms…is pending deletion", "kms…is disabled",
                  "key/…is pending deletion", "key/…is disabled", "kms key…disabled"},
     .decides = true,
     .is_not = "the network or a permission: KMS found the key",
     .next = "Enable it (aws kms enable-key) or cancel its deletion (aws kms cancel-key-deletion)"},
    {.service = "ssm",
     .blame = Blame::configuration,
     .meaning = "the parameter's name, version or ARN in valueFrom is not valid",
     .step = "reading the parameter's name",
     .patterns = {"ssm…validationexception", "ssm…parameterversionnotfound",
                  "parameter store…validationexception", "ssm…could not find version",
                  "ssm…parameter name: can't be"},
     .decides = true,
     .is_not = "the network or a permission: Parameter Store answered",
     .next = "Compare valueFrom with the parameter's name and versions: aws ssm get-parameter-history --name "
             "<name>"},
    {.service = "ecr.api",
     .blame = Blame::connection,
     .wording = "ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve "
                "ecr registry auth: … Post \"https://{host}/\": {why}",
     .reworded = "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull "
                 "registry auth from Amazon ECR: There is a connection issue between the task and Amazon "
                 "ECR. Check your task network configuration. … Post \"https://{host}/\": {why}",
     .meaning = "the task cannot reach the ECR API",
     .step = "the login to ECR",
     .patterns = {"ecr registry auth", "pull registry auth from amazon ecr", "getauthorizationtoken",
                  "cannotpullecrcontainererror", "cannotpullcontainerautherror"},
     .is_not = "the execution role: IAM never saw this call"},
    {.service = "secretsmanager",
     .blame = Blame::connection,
     .wording = "ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve "
                "secret from asm: … context deadline exceeded",
     .reworded =
         "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret "
         "from asm: There is a connection issue between the task and AWS Secrets Manager. Check your task "
         "network configuration. … https response error StatusCode: 0, RequestID: , … {why}",
     .meaning = "the task cannot reach Secrets Manager (StatusCode 0 means that no answer came)",
     .step = "fetching a secret from Secrets Manager",
     .patterns = {"from asm", "from aws secrets manager", "secrets manager: getsecretvalue",
                  "failed to fetch secret", "private registry auth", "secretsmanager:getsecretvalue",
                  "asm secret", "and aws secrets manager", "secrets manager can't find"},
     .is_not = "the secret or the role: IAM never saw this call"},
    {.service = "ssm",
     .blame = Blame::connection,
     .wording =
         "ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve secrets "
         "from ssm: service call has been retried … RequestCanceled: … context deadline exceeded",
     .reworded = "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull "
                 "secrets from AWS Systems Manager. There is a connection issue between the task and AWS "
                 "Systems Manager Parameter Store. Check your task network configuration. … {why}",
     .meaning = "the task cannot reach Systems Manager Parameter Store",
     .step = "fetching a parameter from Parameter Store",
     .patterns = {"from ssm", "from aws systems manager", "parameter store", "invalid ssm parameters",
                  "ssm: getparameters", "ssm:getparameter", "ssm parameter"},
     .is_not = "the parameter or the role: IAM never saw this call"},
    {.service = "s3",
     .blame = Blame::connection,
     .meaning = "the task reached ECR but not S3, where the layers are; the pull crashed because of that",
     .step = "pulling the image",
     .patterns = {"pull command failed: panic", "cannotpull…panic: runtime error: invalid memory address"},
     .decides = true,
     .codes = {"gateway-route-missing"},
     .is_not = "a bug in the image or the program: AWS documents this panic for a missing path to S3"},
    {.blame = Blame::connection,
     .wording = "ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: "
                ": signal: killed",
     .reworded = "ResourceInitializationError: unable to pull secrets or registry auth: … Check your task "
                 "network configuration. : signal: killed",
     .meaning = "the task cannot reach ECR, Secrets Manager or Parameter Store (\"signal: killed\" is the "
                "platform's own timeout, not memory)",
     .step = "the login to ECR, or fetching secrets",
     .patterns = {"unable to pull secrets or registry auth", "pull command failed"},
     .is_not = "a permission: IAM never saw this call"},

    // ── Images
    {.service = "ecr.dkr",
     .blame = Blame::configuration,
     .meaning = "the image in the task definition is not an image reference; ECR's is "
                "ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG",
     .step = "reading the image's name",
     .patterns = {"failed to normalize image reference", "invalid reference format", "could not parse image",
                  "repository name must be lowercase", "failed to parse image", "invalid repository name"},
     .decides = true,
     .is_not = "the registry, the network or a permission: nothing was called yet",
     .next = "Use the repository's URI, not its ARN: aws ecr describe-repositories --query "
             "'repositories[].repositoryUri'"},
    {.service = "ecr.dkr",
     .blame = Blame::configuration,
     .meaning =
         "the image reference leads to buildx attestations (provenance or SBOM), which the platform cannot "
         "unpack as an image",
     .step = "unpacking the image",
     .patterns = {"vnd.in-toto", "attestation-manifest", "slsa.dev/provenance"},
     .decides = true,
     .is_not = "the network or a permission: the manifest was pulled",
     .next = "Build without them: docker buildx build --provenance=false --sbom=false (or "
             "BUILDX_NO_DEFAULT_ATTESTATIONS=1), and push the image again"},
    {.service = "ecr.dkr",
     .blame = Blame::configuration,
     .meaning =
         "the runtime cannot unpack a layer of this format: it is too old for it (zstd on Docker before "
         "23.0), or the layer is no image layer",
     .step = "unpacking the image",
     .patterns = {"layer…invalid tar header", "no processor for media-type",
                  "cannotpull…unsupported media type", "pull…unsupported mediatype", "tar+zstd",
                  "layer…gzip: invalid header"},
     .decides = true,
     .is_not = "the network or a permission: the layers were pulled",
     .next =
         "Build with gzip layers (docker buildx build --output type=image,compression=gzip), or run it on "
         "Fargate 1.4.0 or a newer ECS-optimized AMI"},
    {.service = "ecr.dkr",
     .blame = Blame::missing,
     .meaning = "the image has no variant for {platform}",
     .step = "choosing the image's platform",
     .patterns = {"descriptor matching platform", "no match for platform", "no matching manifest for",
                  "image operating system", "does not match the specified platform",
                  "does not match the detected host platform", "image platform",
                  "operating system does not match the host", "cannot be used on this platform"},
     .decides = true,
     .codes = {"image-platform-mismatch"},
     .is_not = "the network or a permission: the manifest was read"},
    {.service = "ecr.dkr",
     .blame = Blame::missing,
     .meaning =
         "the program in the image is built for another processor than the task runs on, or is a script "
         "without a #! line",
     .step = "starting the container",
     .patterns = {"exec format error"},
     .decides = true,
     .codes = {"image-platform-mismatch"},
     .is_not = "the network: the image was pulled"},
    {.blame = Blame::capacity,
     .meaning = "the disk is full: the image does not fit",
     .step = "unpacking the image",
     .patterns = {"cannotpull…no space left on device", "layer…no space left on device",
                  "getimageblob…no space left on device", "/var/lib/containerd/…no space left on device",
                  "/var/lib/docker/…no space left on device", "cannotpull…disk quota exceeded",
                  "cannotpull…not enough", "free data blocks"},
     .decides = true,
     .is_not = "the network or a permission: the layers were pulled",
     .next =
         "On Fargate raise ephemeralStorage (21 to 200 GiB). On EC2 and Batch enlarge the volume, or let the "
         "agent clean up sooner (ECS_IMAGE_CLEANUP_INTERVAL)"},
    {.blame = Blame::capacity,
     .meaning = "the disk is full",
     .step = "writing to the disk",
     .patterns = {"no space left on device", "not enough disk space", "disk quota exceeded",
                  "not enough space on the disk", "insufficient disk space"},
     .decides = true,
     .is_not = "the network or a permission",
     .next =
         "On Fargate raise ephemeralStorage (21 to 200 GiB). On EC2 and Batch enlarge the volume, or delete "
         "what is not needed"},
    {.blame = Blame::platform,
     .meaning =
         "a layer arrived damaged or incomplete: an interrupted download, a full disk, or a proxy that "
         "changes it",
     .step = "fetching the image's layers",
     .patterns = {"layer verification failed", "failed size validation", "unexpected commit digest"},
     .decides = true,
     .is_not = "a permission: the registry sent the layer",
     .next =
         "Start the task again. If it stays, check the disk of the instance and the path to the layer store: "
         "vpc-probe run --services ecr.dkr,s3"},
    {.service = "ecr.dkr",
     .blame = Blame::configuration,
     .meaning =
         "ECR's pull-through cache cannot log in to the upstream registry: the credentials in the rule's "
         "secret are wrong or missing",
     .step = "pulling the image through ECR's cache",
     .patterns = {"authentication to the upstream registry failed",
                  "upstream registry requires authentication", "unable to authenticate with upstream"},
     .decides = true,
     .is_not = "the network or the task's roles: ECR answered",
     .next = "Check the rule (aws ecr describe-pull-through-cache-rules) and the user name and access token "
             "in its "
             "secret ecr-pullthroughcache/…"},
    {.service = "ecr-public",
     .blame = Blame::connection,
     .wording = "CannotPullContainerError: pull image manifest has been retried … failed to resolve ref …: "
                "failed to do request: Head \"https://{host}/v2/…\": {why}",
     .meaning = "the task cannot reach the internet, where this registry is",
     .step = "asking the registry for the image's manifest",
     .patterns = {"public.ecr.aws"},
     .is_not = "a missing endpoint: AWS has none for this registry"},
    {.service = "ecr.dkr",
     .blame = Blame::connection,
     .wording = "CannotPullContainerError: pull image manifest has been retried … failed to resolve ref …: "
                "failed to do request: Head \"https://{host}/v2/…\": {why}",
     .meaning = "the task cannot reach the ECR registry",
     .step = "asking the registry for the image's manifest",
     .patterns = {"failed to resolve ref", "image manifest has been retried", "cannotpullimagemanifesterror",
                  "/v2/…/manifests/", "error response from daemon: get", "repository…not found",
                  "api error (404)", "error response from daemon: head", "not found in repository"},
     .is_not = "the execution role: IAM never saw this call"},
    {.service = "s3",
     .blame = Blame::connection,
     .wording = "CannotPullContainerError: ref pull has been retried … failed to copy: httpReadSeeker: "
                "failed open: failed to do request: Get …: {why}",
     .meaning =
         "the manifest was pulled, the layers were not: ECR keeps them in S3, and the task cannot reach it",
     .step = "fetching the image's layers",
     .patterns = {"httpreadseeker", "httpreaderseeker", "starport-layer-bucket", "failed to copy: http",
                  "error pulling image configuration", "download failed after attempts"},
     .is_not = "the registry or its login: those steps succeeded"},
    {.service = "s3",
     .blame = Blame::configuration,
     .meaning =
         "the object exists in S3, but it is archived (Glacier): it must be restored before it can be read",
     .step = "fetching the environment files from S3",
     .patterns = {"invalidobjectstate", "not valid for the object's storage class"},
     .decides = true,
     .is_not = "the network or a permission: S3 answered",
     .next = "Restore it (aws s3api restore-object), or store it in another storage class"},
    {.service = "s3",
     .blame = Blame::configuration,
     .meaning = "S3 answered that the bucket is in another Region than the one that was called",
     .step = "calling S3",
     .patterns = {"bucketregionerror", "permanentredirect", "s3…301 moved permanently"},
     .decides = true,
     .is_not = "the network or a permission: S3 answered",
     .next = "Use a bucket in the task's Region: a gateway endpoint leads to no other"},
    {.service = "s3",
     .blame = Blame::connection,
     .wording = "ResourceInitializationError: failed to download env files: … {why}",
     .reworded =
         "ResourceInitializationError: failed to download env files: The task can't download the environment "
         "variable files from Amazon S3. There is a connection issue between the task and Amazon S3. … {why}",
     .meaning = "the task cannot reach S3, where its environment files are",
     .step = "fetching the environment files from S3",
     .patterns = {"download env files", "environment variable files"},
     .is_not = "the bucket or the role: IAM never saw this call"},
    {.service = "ecr.dkr",
     .blame = Blame::connection,
     .meaning =
         "the pull was canceled without a reason: no path to the registry or to its layer store; on EC2 and "
         "AWS Batch a full disk gives the same text",
     .step = "pulling the image",
     .patterns = {"cannotpullcontainer…context canceled", "cannotpull…context canceled"},
     .is_not = "the execution role: a denial names the call that was denied",
     .next =
         "Probe the path: vpc-probe run --services ecr.api,ecr.dkr,s3. On EC2 and AWS Batch check the disk "
         "too: df -h /var/lib/docker on the instance"},
    {.service = "ecr.dkr",
     .blame = Blame::connection,
     .meaning = "the image could not be pulled",
     .step = "pulling the image",
     .patterns = {"cannotpullcontainer", "can't pull the image", "ref pull has been retried",
                  "cannot pull the image", "the task cannot pull", "manifest unknown", "pull access denied",
                  "toomanyrequests", "pull rate limit", "could not transition to pulled",
                  "failed to pull and unpack image"}},

    // ── Logs
    {.service = "logs",
     .blame = Blame::configuration,
     .meaning = "the options of the log driver are incomplete or wrong",
     .step = "reading the log options",
     .patterns = {"unable to get awslogs driver arguments", "awslogs-region is required",
                  "awslogs-group is required", "awslogs-stream-prefix is required", "unknown log opt",
                  "must specify a value for log opt", "missingendpoint", "no log configuration specified",
                  "get fluentd log driver arguments", "get splunk log driver arguments",
                  "invalid logging driver", "logger: no log driver named"},
     .decides = true,
     .is_not = "the network or a permission: nothing was called",
     .next = "awslogs needs awslogs-group, awslogs-region (a Region's name, not a URL) and, on Fargate, "
             "awslogs-stream-prefix; awsfirelens needs options in logConfiguration, for example Name"},
    {.service = "logs",
     .blame = Blame::missing,
     .meaning = "the log group does not exist",
     .step = "preparing the log stream",
     .patterns = {"resourceinitializationerror: failed to initialize logging driver"},
     .codes = {"log-group-not-found"},
     .is_not = "the network, as far as this text says"},
    {.service = "logs",
     .blame = Blame::connection,
     .wording = "ResourceInitializationError: failed to validate logger args: … signal: killed",
     .reworded = "ResourceInitializationError: failed to validate logger args: The task cannot find the "
                 "Amazon CloudWatch log group defined in the task definition. There is a connection issue "
                 "between the task and Amazon CloudWatch. Check your network configuration. : signal: killed",
     .meaning = "the task cannot reach CloudWatch Logs, whatever the text says about the log group",
     .step = "preparing the log stream",
     .patterns = {"failed to validate logger args", "failed to initialize logging driver…cloudwatch",
                  "cannot find the amazon cloudwatch log group", "cloudwatch log stream",
                  "cloudwatch log group", "log group does not exist", "awslogs"},
     .is_not = "a missing log group: CloudWatch Logs never got the question"},
    {.blame = Blame::connection,
     .meaning = "the log driver cannot reach its server",
     .step = "starting the log driver",
     .patterns = {"failed to initialize logging driver"},
     .is_not = "the image: it was pulled",
     .next =
         "Check logConfiguration of the container: which server it names, and whether the task reaches it: "
         "vpc-probe run --target <host>:<port>"},
    {.service = "s3",
     .blame = Blame::connection,
     .meaning = "the task cannot reach S3, where its FireLens configuration is",
     .step = "fetching the FireLens configuration from S3",
     .patterns = {"config file from s3", "s3…for firelens", "firelens…from s3"},
     .is_not = "the bucket or the role: IAM never saw this call"},
    {.blame = Blame::configuration,
     .meaning = "the FireLens router's configuration is wrong or cannot be fetched",
     .step = "preparing FireLens",
     .patterns = {"firelens"},
     .next = "Check firelensConfiguration. ECS fetches a file in S3 with the task execution role"},

    // ── Starting
    {.blame = Blame::connection,
     .wording = "DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s",
     .meaning = "the start took longer than ECS waits; on Fargate the usual cause is a blocked path to what "
                "the task "
                "needs, on EC2 an overloaded Docker daemon or disk gives the same text",
     .step = "starting the container",
     .patterns = {"could not transition to started"},
     .codes = {"no-private-names", "all-filtered"},
     .is_not = "by itself a slow image: the limit is minutes",
     .next =
         "On EC2 check the instance's disk (burst credits, IOPS, space) and the Docker daemon's log first"},
    {.blame = Blame::platform,
     .meaning =
         "the container runtime on the host took too long; the usual cause is an overloaded daemon or disk",
     .step = "calling the container runtime",
     .patterns = {"could not transition to", "dockertimeouterror", "containerruntimetimeouterror",
                  "cannotstopcontainererror…context deadline exceeded",
                  "cannotinspectcontainererror…context deadline exceeded",
                  "cannotcreatecontainererror: error response from daemon: context deadline exceeded",
                  "cannotstartcontainererror: error response from daemon: context deadline exceeded"},
     .decides = true,
     .is_not = "a blocked path or a permission: the agent calls the runtime on its own host",
     .next = "On EC2 check the instance's disk (burst credits, IOPS, space), its CPU and the Docker daemon's "
             "log. "
             "On Fargate start the task again"},
    {.blame = Blame::application,
     .meaning =
         "the image has no such user or group: the USER of the image, or user in the task definition, is not "
         "in its /etc/passwd or /etc/group",
     .step = "starting the container",
     .patterns = {"containererror…no users found", "resourceinitializationerror…no users found",
                  "mount callback failed", "linux spec user", "entries in passwd file",
                  "entries in group file"},
     .decides = true,
     .is_not = "the network or a permission: the image was pulled",
     .next = "Add the user to the image (and /etc/passwd to an image built from scratch), or give user as "
             "UID:GID"},
    {.blame = Blame::capacity,
     .meaning = "the container used more memory than it may",
     .step = "running the container",
     .patterns = {"outofmemory", "due to memory usage", "oomkilled", "oom killed", "oom-killed",
                  "cannot allocate memory"},
     .decides = true,
     .is_not = "the network: the container ran",
     .next = "Raise the task's or container's memory, or find what uses it"},
    {.blame = Blame::configuration,
     .meaning =
         "the instance has no usable GPU driver: the container runtime cannot give the container a GPU",
     .step = "starting the container",
     .patterns = {"nvidia-container-cli", "could not select device driver", "nvidia-container-runtime"},
     .decides = true,
     .is_not = "the network or a permission: the image was pulled",
     .next = "Use a GPU instance type with the ECS GPU-optimized AMI, or take the GPU out of "
             "resourceRequirements"},
    {.blame = Blame::application,
     .meaning = "the command or entry point of the image cannot be started",
     .step = "starting the container",
     .patterns = {"executable file not found", "exec:…no such file or directory", "oci runtime",
                  "failed to create task for container", "exec…permission denied", "runc create failed",
                  "starting container process caused", "unable to start container process",
                  "failed to create shim", "no command specified"},
     .decides = true,
     .is_not = "the network: the image was pulled",
     .next =
         "Run the image elsewhere with the task definition's command, entryPoint, user, workingDirectory and "
         "mount points"},
    {.blame = Blame::configuration,
     .meaning = "another container or program already uses the port",
     .step = "starting the container",
     .patterns = {"port is already allocated", "address already in use"},
     .decides = true,
     .is_not = "the network or a permission: the port is in use on the host itself",
     .next = "Use hostPort 0 in bridge mode, and a different port for each container of a task in awsvpc and "
             "host "
             "mode"},
    {.blame = Blame::capacity,
     .meaning = "the container ended before its state could be read; the usual cause is too little memory",
     .step = "starting the container",
     .patterns = {"failed to get container status", "cannotinspectcontainererror"},
     .next = "Check the container's exit code: 137 is memory"},

    // ── ECS Exec
    {.blame = Blame::configuration,
     .meaning = "ECS Exec was off when the task started (enableExecuteCommand)",
     .step = "opening an ECS Exec session",
     .patterns = {"execute command was not enabled", "execute command is not enabled"},
     .decides = true,
     .is_not = "the network: a running task cannot be switched over",
     .next = "Turn it on and start new tasks: aws ecs update-service --cluster <cluster> --service <service> "
             "--enable-execute-command --force-new-deployment. If it was on, probe the agent's endpoint: "
             "vpc-probe "
             "run --services ssmmessages"},
    {.blame = Blame::configuration,
     .meaning = "the Session Manager plugin is not installed on the machine where the command was typed",
     .step = "opening an ECS Exec session",
     .patterns = {"sessionmanagerplugin is not found", "session-manager-plugin-not-found"},
     .decides = true,
     .is_not = "the task or its network",
     .next = "Install it there, not in the container: AWS's page \"Install the Session Manager plugin for "
             "the AWS "
             "CLI\""},
    {.service = "ssmmessages",
     .blame = Blame::connection,
     .meaning =
         "the ECS Exec agent in the task has no session: it cannot reach ssmmessages, or the task role lacks "
         "ssmmessages:*",
     .step = "opening an ECS Exec session",
     .patterns = {"targetnotconnected", "execute command failed",
                  "ssmmessages:", "startsession…is not connected", "ssmmessages.", "executecommandagent"},
     .decides = true,
     .outer = true,
     .is_not = "the application: the task runs",
     .next = "Probe it from the task's subnet and security group: vpc-probe run --services ssmmessages. "
             "Check the agent: "
             "aws ecs describe-tasks --cluster <cluster> --tasks <task-arn> --query "
             "'tasks[].containers[].managedAgents'. The task role (not the execution role) must allow "
             "ssmmessages:CreateControlChannel, CreateDataChannel, OpenControlChannel and OpenDataChannel"},

    // ── Running
    {.blame = Blame::application,
     .meaning = "another container, which this one waits for (dependsOn), did not reach the condition",
     .step = "waiting for another container",
     .patterns = {"dependency container", "dependson", "dependency…did not", "taskdependencyerror"},
     .decides = true,
     .is_not = "this container: check the one that it depends on"},
    {.blame = Blame::application,
     .meaning = "the container's own health check failed",
     .step = "the container's health check",
     .patterns = {"failed container health checks", "container health check"},
     .decides = true,
     .is_not = "a blocked path of the platform: the image was pulled and the container ran",
     .next = "Run the healthCheck command in the container, and check startPeriod"},
    {.blame = Blame::application,
     .meaning = "the load balancer's health check did not get the answer that it expects from the container",
     .step = "the load balancer's health check",
     .patterns = {"failed elb health checks", "is unhealthy in (target-group", "is unhealthy in target-group",
                  "elb health check", "is unhealthy in (elb", "health checks failed with these codes",
                  "target.failedhealthchecks", "target.timeout"},
     .decides = true,
     .is_not = "an endpoint of AWS: the load balancer calls the task, not the task AWS",
     .next =
         "Allow the load balancer's security group on the container's port, and check path, code and grace "
         "period"},
    {.blame = Blame::platform,
     .meaning =
         "AWS retired the host under the task (Fargate task retirement or maintenance); the service starts a "
         "new task",
     .step = "running the task",
     .patterns = {"maintenance on the underlying infrastructure", "task retirement",
                  "scheduled for retirement"},
     .decides = true,
     .is_not = "the task or its network"},
    {.blame = Blame::platform,
     .meaning =
         "the host of the task was terminated: Spot took it back, it was scaled in, or a person stopped it",
     .step = "running the task",
     .patterns = {"spotinterruption", "spot interruption", "spot task was interrupted", "terminationnotice",
                  "host ec2", "instance…was terminated", "container instance was deregistered"},
     .decides = true,
     .is_not = "the task: its container instance went away",
     .next = "Retry the task or the job; use On-Demand where an interruption is not acceptable"},
    {.blame = Blame::platform,
     .meaning = "something inside AWS failed",
     .step = "running the task",
     .patterns = {"internalerror", "infrastructurehealth", "reason: internal error",
                  "internal server exception"},
     .is_not = "by itself your configuration",
     .next = "Start the task again. If it stays, open a support case with the task's ARN"},
    {.blame = Blame::application,
     .meaning = "the job ran longer than its timeout, and AWS Batch stopped it",
     .step = "running the job",
     .patterns = {"job attempt duration exceeded timeout"},
     .decides = true,
     .is_not = "the network: the container ran",
     .next = "Raise attemptDurationSeconds, or find out what the job waits for"},
    {.blame = Blame::consequence,
     .meaning =
         "the container was killed (137 = SIGKILL): out of memory, or it did not stop within stopTimeout",
     .step = "running the container",
     .patterns = {"exit code: 137", "exit code 137", "exited with code 137", "exitcode: 137", "exit code=137",
                  "status 137"},
     .decides = true,
     .outer = true,
     .is_not = "the network: the container ran",
     .next = "Check the reason of the container (OutOfMemoryError?) and its memory in CloudWatch; then "
             "whether it "
             "handles SIGTERM"},
    {.blame = Blame::application,
     .meaning = "the container's program crashed (139 = SIGSEGV)",
     .step = "running the container",
     .patterns = {"exit code: 139", "exitcode: 139", "exit code 139", "exited with code 139"},
     .decides = true,
     .outer = true,
     .is_not = "the network: the container ran",
     .next = "Read the container's log; check that the image is built for the task's processor"},
    {.blame = Blame::consequence,
     .meaning = "the container stopped on request (143 = SIGTERM): a deployment, a scaling activity, a "
                "failed health "
                "check, or another essential container ended",
     .step = "running the container",
     .patterns = {"exit code: 143", "exitcode: 143", "exit code 143", "exited with code 143"},
     .decides = true,
     .outer = true,
     .is_not = "the cause",
     .next = "Read the task's stoppedReason and the other containers' exit codes"},
    {.blame = Blame::application,
     .meaning = "the container's command was not found (127) or cannot be executed (126)",
     .step = "running the container",
     .patterns = {"exit code: 127", "exitcode: 127", "exit code 127", "exited with code 127",
                  "exit code: 126", "exitcode: 126", "exit code 126", "exited with code 126"},
     .decides = true,
     .outer = true,
     .is_not = "the network: the image was pulled",
     .next = "Run the image elsewhere with the task definition's command and entryPoint"},

    // ── What says only that something stopped or failed
    {.blame = Blame::application,
     .meaning =
         "the container's program ended by itself without an error (0); an essential container must keep "
         "running",
     .step = "running the container",
     .patterns = {"(exit code: 0)", "exited with code 0"},
     .decides = true,
     .outer = true,
     .is_not = "the network: the container ran",
     .next =
         "Start the program in the foreground, or set essential to false for a container that only prepares "
         "something"},
    {.blame = Blame::application,
     .meaning = "the container's program ended with an error; its log says why",
     .step = "running the container",
     .patterns = {"(exit code: ", "container exited with code ", "^exitcode: "},
     .decides = true,
     .outer = true,
     .is_not = "a blocked path of the platform: the image was pulled and the container ran",
     .next = "Read the container's log: aws logs tail <log-group> --since 1h"},
    {.blame = Blame::consequence,
     .meaning = "an essential container of the task has ended; its own reason and exit code say why",
     .step = "running the task",
     .patterns = {"essential container", "essentialcontainerexited", "dependent job failed",
                  "array child job failed", "resource creation cancelled", "resource update cancelled"},
     .decides = true,
     .outer = true,
     .is_not = "the cause",
     .next = "Check each container's reason and exitCode: aws ecs describe-tasks --cluster <cluster> --tasks "
             "<task-arn>"},
    {.blame = Blame::consequence,
     .meaning =
         "a summary of failures: the tasks of the service stop before they are healthy; the stopped tasks "
         "say why",
     .step = "starting the service's tasks",
     .patterns = {"unable to consistently start tasks", "deployment circuit breaker", "tasks failed to start",
                  "service…did not stabilize", "servicesstable", "notstabilized",
                  "service_task_start_impaired", "replacement task set", "steady state within",
                  "reach a steady state: ", "exceeded wait attempts", "service_deployment_failed",
                  "deployment failed: ", "exceeded attempts to wait", "exceeded max wait time",
                  "rolling back to deployment"},
     .decides = true,
     .outer = true,
     .is_not = "the cause: nothing stopped the service from outside",
     .next = "Read why the tasks stopped: aws ecs list-tasks --cluster <cluster> --service-name <service> "
             "--desired-status STOPPED, then aws ecs describe-tasks … | vpc-probe explain"},
    {.blame = Blame::consequence,
     .meaning =
         "ECS could not place or start a task of the service; the reason in the text is not one that this "
         "version knows",
     .step = "starting a task of the service",
     .patterns = {"unable to place a task", "failed to launch a task"},
     .decides = true,
     .outer = true,
     .is_not = "by itself a lack of instances: the reason is in the text",
     .next = "Read the whole service event (aws ecs describe-services --cluster <cluster> --services "
             "<service>) and "
             "the stopped tasks"},
    {.blame = Blame::consequence,
     .meaning = "ECS reports progress of the service; nothing in this text failed",
     .step = "running the service",
     .patterns = {"has reached a steady state", "has started…tasks:", "has begun draining connections",
                  "registered…targets in", "ecs-svc/…deployment completed",
                  "has stopped…running tasks:", "az balanced"},
     .decides = true,
     .outer = true,
     .is_not = "a failure"},
    {.blame = Blame::consequence,
     .meaning = "a deployment, a scaling activity or a person stopped the task",
     .step = "running the task",
     .patterns = {"scaling activity initiated", "task stopped by user", "stopped by user", "userinitiated",
                  "servicescheduler", "ecs-svc/"},
     .decides = true,
     .outer = true,
     .is_not = "the cause, if tasks fail: check a task that stopped by itself"},
    {.blame = Blame::configuration,
     .meaning = "an AWS API rejected a parameter of the request; its own sentence says which",
     .step = "calling an AWS API",
     .patterns = {"(invalidparameterexception)", "(clientexception)", "invalidparameterexception:",
                  "clientexception:", "invalid request provided: ", "error code: invalidparameterexception"},
     .decides = true,
     .outer = true,
     .is_not = "the network: AWS answered",
     .next = "Read the sentence behind the exception's name, and correct that parameter"},
    {.blame = Blame::consequence,
     .meaning = "the task did not start; the reason of its container says why",
     .step = "starting the task",
     .patterns = {"^taskfailedtostart$", "^task failed to start$", "^task failed to start.$"}},

    // ── A start that failed in words of its own
    {.blame = Blame::connection,
     .meaning = "the task did not start",
     .step = "starting the task",
     .patterns = {"resourceinitializationerror", "cannotstartcontainererror", "cannotcreatecontainererror",
                  "cannotstopcontainererror", "containerruntimeerror", "taskfailedtostart"},
     .outer = true},

    // ── What a program itself writes as it ends
    {.blame = Blame::application,
     .meaning = "a program written in Go crashed",
     .step = "running the program",
     .patterns = {"panic: runtime error", "[signal sigsegv"},
     .decides = true,
     .is_not = "an endpoint or a policy of AWS",
     .next = "Its own lines below the word \"goroutine\" say where"},
    {.blame = Blame::quota,
     .meaning = "a quota of the account or of the service is reached; the text names it",
     .step = "calling an AWS API",
     .patterns = {" limitexceededexception", "(limitexceededexception", "^limitexceededexception",
                  "servicequotaexceededexception", "desired count exceeds limit", "addresslimitexceeded"},
     .decides = true,
     .is_not = "the network or a permission: AWS answered",
     .next =
         "Raise the quota, or stop what is not needed: aws service-quotas list-service-quotas --service-code "
         "<service>"},
};

constexpr EcsMessage quotes[] = {
    {.service = "ecr.api",
     .blame = Blame::permission,
     .wording = "ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve "
                "ecr registry auth: … {why}"},
    {.service = "ecr.dkr",
     .blame = Blame::permission,
     .wording = "CannotPullContainerError: … pull access denied, repository does not exist or may require "
                "authorization: … {why}"},
    {.service = "ecr.dkr",
     .blame = Blame::missing,
     .wording = "CannotPullContainerError: pull image manifest has been retried … failed to resolve ref "
                "{image}: … not found",
     .codes = {"image-not-found", "repository-not-found"}},
    {.service = "ecr.dkr",
     .blame = Blame::missing,
     .wording = "CannotPullContainerError: … image Manifest does not contain descriptor matching platform "
                "'{platform}'",
     .codes = {"image-platform-mismatch"}},
    {.service = "s3",
     .blame = Blame::permission,
     .wording = "CannotPullContainerError: ref pull has been retried … failed to copy: httpReadSeeker: "
                "failed open: unexpected status code …: 403 Forbidden",
     .codes = {"layer-denied"}},
    {.service = "secretsmanager",
     .blame = Blame::permission,
     .wording = "ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve "
                "secret from asm: … {why}"},
    {.service = "secretsmanager",
     .blame = Blame::missing,
     .wording = "ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve "
                "secret from asm: … ResourceNotFoundException: {why}"},
    {.service = "ssm",
     .blame = Blame::permission,
     .wording = "ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve "
                "secrets from ssm: … {why}"},
    {.service = "ssm",
     .blame = Blame::missing,
     .wording = "ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve "
                "secrets from ssm: … invalid ssm parameters: {why}"},
    {.service = "s3",
     .blame = Blame::permission,
     .wording = "ResourceInitializationError: failed to download env files: … {why}"},
    {.service = "s3",
     .blame = Blame::missing,
     .wording = "ResourceInitializationError: failed to download env files: … {why}"},
    {.service = "logs",
     .blame = Blame::permission,
     .wording = "ResourceInitializationError: failed to validate logger args: … {why}"},
    {.service = "logs",
     .blame = Blame::missing,
     .wording = "ResourceInitializationError: failed to validate logger args: … failed to create Cloudwatch "
                "log stream: {why}"},
};

constexpr std::array<std::string_view, 10> kBlames = {"connection", "permission", "missing",  "configuration",
                                                      "limit",      "quota",      "capacity", "application",
                                                      "platform",   "consequence"};

bool fits(const EcsMessage& row, std::string_view line) {
  return std::any_of(row.patterns.begin(), row.patterns.end(), [line](const char* pattern) {
    return pattern != nullptr && find_fragments(line, pattern) != std::string_view::npos;
  });
}

}  // namespace

std::string_view to_string(Blame blame) { return kBlames.at(static_cast<std::size_t>(blame)); }

std::span<const EcsMessage> ecs_messages() { return messages; }

std::span<const EcsMessage> ecs_quotes() { return quotes; }

const EcsMessage* find_message(std::string_view line) {
  const EcsMessage* outer = nullptr;
  for (const EcsMessage& row : messages) {
    if ((row.outer && outer != nullptr) || !fits(row, line)) continue;
    if (!row.outer) return &row;
    outer = &row;
  }
  return outer;
}

}  // namespace vpcprobe
