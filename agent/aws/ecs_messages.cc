#include "agent/aws/ecs_messages.h"

#include <algorithm>

#include "agent/base/text_search.h"

namespace vpcprobe {
namespace {

constexpr EcsMessage messages[] = {
    // ── Before anything of the task runs
    {.blame = Blame::capacity,
     .meaning = "the container instance has no network interface left for a task in awsvpc mode",
     .step = "giving the task a network interface",
     .patterns = {"resource:eni", "encountered error \"eni", "eni limit"},
     .decides = true,
     .is_not = "a closed way: the task never got its network interface",
     .next = "Use larger or more instances, or turn on ENI trunking (account setting awsvpcTrunking)"},
    {.blame = Blame::platform,
     .meaning = "the ECS agent of the container instance has no connection to ECS",
     .step = "handing the task to an instance",
     .patterns = {"^agent$", "reason: agent$", "agent is not connected", "agent disconnected",
                  "encountered error \"agent"},
     .decides = true,
     .is_not = "a fault of the task definition",
     .next = "On the instance, see the agent's log; in a private subnet it needs ecs, ecs-agent and "
             "ecs-telemetry: vpc-probe run --services ecs,ecs-agent,ecs-telemetry"},
    {.blame = Blame::platform,
     .meaning = "the cluster has no container instance: none was started, or those that run cannot register "
                "with ECS",
     .step = "finding a container instance",
     .patterns = {"no container instances were found in your cluster"},
     .decides = true,
     .is_not = "a fault of the image or the task definition: nothing was started",
     .next = "Where instances run and aws ecs list-container-instances does not show them, see the agent's "
             "log on one; in a private subnet it needs ecs, ecs-agent and ecs-telemetry: vpc-probe run "
             "--services ecs,ecs-agent,ecs-telemetry"},
    {.blame = Blame::capacity,
     .meaning = "no container instance of the cluster has what the task asks for",
     .step = "finding a container instance",
     .patterns = {"resource:cpu", "resource:memory", "resource:ports", "resource:gpu",
                  "insufficient memory available", "insufficient cpu units available",
                  "already using a port required"},
     .decides = true,
     .is_not = "a fault of the image, a permission or an endpoint: nothing was started",
     .next = "Read the service's events and compare what the instances have left: aws ecs "
             "describe-container-instances"},
    {.blame = Blame::capacity,
     .meaning = "no container instance of the cluster fits the task",
     .step = "finding a container instance",
     .patterns = {"unable to place a task because", "no container instance met all of its requirements"},
     .decides = true,
     .is_not = "a fault of the image: nothing was started",
     .next = "Read the service's events to their end, where the reason stands, and compare what the "
             "instances have: aws ecs describe-container-instances"},
    {.blame = Blame::capacity,
     .meaning = "the subnet has no free address for the task's network interface",
     .step = "giving the task a network interface",
     .patterns = {"insufficientfreeaddressesinsubnet", "does not have enough free addresses",
                  "not enough free addresses", "insufficient free addresses",
                  "create network interface…insufficient"},
     .decides = true,
     .is_not = "a closed way or a permission: the task never got its address",
     .next = "See what is left: aws ec2 describe-subnets --subnet-ids <subnet-id> --query "
             "'Subnets[].AvailableIpAddressCount'; stop what is not needed, or add a larger subnet"},
    {.blame = Blame::capacity,
     .meaning = "the account's limit of network interfaces, or of requests for them, is reached",
     .step = "giving the task a network interface",
     .patterns = {"networkinterfacelimitexceeded", "attachmentlimitexceeded",
                  "maximum number of network interfaces"},
     .decides = true,
     .is_not = "a closed way: the task never got its network interface",
     .next = "Raise the quota \"Network interfaces per Region\", or stop what is not needed"},
    {.blame = Blame::platform,
     .meaning = "ECS could not make or attach the task's network interface",
     .step = "giving the task a network interface",
     .patterns = {"unexpected ec2 error while attempting to", "network interface provisioning",
                  "network interface attachment", "eni attach"},
     .title = "ECS could not make or attach the task's network interface",
     .flag = "by_ecs",
     .is_not = "a closed way to an endpoint: the task never got its network interface",
     .next =
         "Try again; if it stays, look for the call in CloudTrail (CreateNetworkInterface) and its error"},
    {.blame = Blame::permission,
     .meaning = "ECS may not take on the role that the task names: its trust policy does not name "
                "ecs-tasks.amazonaws.com, or the role is gone",
     .step = "taking on the task's roles",
     .patterns = {"unable to assume the role"},
     .decides = true,
     .codes = {"denied-resource-policy"},
     .title = "ECS cannot take on the role that the task names",
     .flag = "assumes_role",
     .is_not = "a permission that the role lacks: nobody has the role yet"},
    {.blame = Blame::permission,
     .meaning = "ECS may not take on its own service-linked role, or the role is missing",
     .step = "taking on ECS's own role",
     .patterns = {"unable to assume the service linked role"},
     .decides = true,
     .codes = {"denied-unspecified"},
     .title = "ECS cannot take on its own service-linked role",
     .flag = "by_ecs",
     .is_not = "a permission of the task's roles, nor a closed way: ECS asks from outside the VPC"},
    {.blame = Blame::configuration,
     .meaning = "a volume of the task definition cannot be made as it is written",
     .step = "making a volume",
     .patterns = {"cannotcreatevolumeerror", "volume…already exists with different"},
     .next = "Compare the volume's driver and its options with what the instance has"},

    // ── EFS volumes
    {.service = "efs",
     .blame = Blame::configuration,
     .meaning = "the directory that the volume names (rootDirectory, or the access point's path) is not on "
                "the file system",
     .step = "mounting the EFS volume",
     .patterns = {"efs utils…no such file or directory", "mount.nfs4…no such file or directory"},
     .decides = true,
     .is_not = "a closed way: the mount target answered",
     .next = "Make the directory, or let an access point make it (creationInfo)"},
    {.service = "efs",
     .blame = Blame::connection,
     .wording = "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: "
                "stderr: … mount.nfs4 … unsuccessful EFS utils command execution; code: 32",
     .meaning =
         "the mount target does not answer on TCP 2049, its name does not resolve, or the mount was denied",
     .step = "mounting the EFS volume",
     .patterns = {"failed to invoke efs utils", "efs utils command", "mount.nfs4", "mount.efs"},
     .is_not = "a matter of the elasticfilesystem endpoint: mounting goes to the mount target, by NFS",
     .next = "See whether the mount target has a name and answers, from the same subnet and security group: "
             "vpc-probe run --services efs:<fs-id>; then the volume's access point, IAM and directory"},

    // ── Registry login and secrets: what words name the cause goes first
    {.service = "secretsmanager",
     .blame = Blame::configuration,
     .meaning = "the secret is there, but it has no such JSON key",
     .step = "reading a key of the secret",
     .patterns = {"did not contain json key"},
     .decides = true,
     .is_not = "the network or a permission: the secret was read",
     .next = "Compare the key in the task definition's valueFrom (ARN:KEY:STAGE:VERSION) with the secret's "
             "own, letter by letter"},
    {.service = "secretsmanager",
     .blame = Blame::configuration,
     .meaning = "the task definition asks for a JSON key, but the secret's value is no JSON object",
     .step = "reading a key of the secret",
     .patterns = {"secret…invalid character…looking for beginning of value", "secret…cannot unmarshal",
                  "parsing json…secret"},
     .decides = true,
     .is_not = "the network or a permission: the secret was read",
     .next = "Leave the key out of valueFrom, or store the secret as a JSON object"},
    {.service = "secretsmanager",
     .blame = Blame::configuration,
     .meaning = "the ARN in valueFrom is not written as ECS reads it",
     .step = "reading the secret's ARN",
     .patterns = {"unexpected arn format with parameters", "unable to parse…secret…arn",
                  "invalid name. must be a valid name"},
     .decides = true,
     .is_not = "the network or a permission: nothing was asked",
     .next = "Write ARN:KEY:STAGE:VERSION; what is left out still keeps its colon"},
    {.service = "ecr.api",
     .blame = Blame::connection,
     .wording = "ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve "
                "ecr registry auth: … Post \"https://{host}/\": {why}",
     .reworded = "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull "
                 "registry auth from Amazon ECR: There is a connection issue between the task and Amazon "
                 "ECR. Check your task network configuration. … Post \"https://{host}/\": {why}",
     .meaning = "the task has no way to the ECR API",
     .step = "the login to ECR",
     .patterns = {"ecr registry auth", "pull registry auth from amazon ecr", "getauthorizationtoken",
                  "cannotpullecrcontainererror", "cannotpullcontainerautherror"},
     .is_not = "the execution role: a call that gets no answer is judged by no policy"},
    {.service = "secretsmanager",
     .blame = Blame::connection,
     .wording = "ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve "
                "secret from asm: … context deadline exceeded",
     .reworded =
         "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret "
         "from asm: There is a connection issue between the task and AWS Secrets Manager. Check your task "
         "network configuration. … https response error StatusCode: 0, RequestID: , … {why}",
     .meaning = "the task has no way to Secrets Manager; StatusCode 0 says that no answer came at all",
     .step = "fetching a secret from Secrets Manager",
     .patterns = {"from asm", "from aws secrets manager", "secrets manager: getsecretvalue",
                  "failed to fetch secret", "private registry auth", "secretsmanager:getsecretvalue",
                  "asm secret", "and aws secrets manager"},
     .is_not = "the secret or the role: a call that gets no answer is judged by no policy"},
    {.service = "ssm",
     .blame = Blame::connection,
     .wording =
         "ResourceInitializationError: unable to pull secrets or registry auth: … unable to retrieve secrets "
         "from ssm: service call has been retried … RequestCanceled: … context deadline exceeded",
     .reworded = "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull "
                 "secrets from AWS Systems Manager. There is a connection issue between the task and AWS "
                 "Systems Manager Parameter Store. Check your task network configuration. … {why}",
     .meaning = "the task has no way to Systems Manager Parameter Store",
     .step = "fetching a parameter from Parameter Store",
     .patterns = {"from ssm", "from aws systems manager", "parameter store", "invalid ssm parameters",
                  "ssm: getparameters", "ssm:getparameter", "ssm parameter"},
     .is_not = "the parameter or the role: a call that gets no answer is judged by no policy"},
    {.service = "s3",
     .blame = Blame::connection,
     .meaning = "the task reached ECR and not S3, where the layers are; the pull then fell over its own feet",
     .step = "pulling the image",
     .patterns = {"pull command failed: panic", "cannotpull…panic: runtime error: invalid memory address"},
     .decides = true,
     .codes = {"gateway-route-missing"},
     .is_not = "a bug in the image or the program: AWS documents this panic for a missing way to S3"},
    {.blame = Blame::connection,
     .wording = "ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: "
                ": signal: killed",
     .reworded = "ResourceInitializationError: unable to pull secrets or registry auth: … Check your task "
                 "network configuration. : signal: killed",
     .meaning = "the task has no way to ECR, Secrets Manager or Parameter Store",
     .step = "the login to ECR, or fetching secrets",
     .patterns = {"unable to pull secrets or registry auth", "pull command failed"},
     .is_not = "memory: here \"signal: killed\" is the platform's own timeout"},

    // ── Images
    {.service = "ecr.dkr",
     .blame = Blame::configuration,
     .meaning = "the task definition's image is no image reference; where an ARN stands, it wants "
                "ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG",
     .step = "reading the image's name",
     .patterns = {"failed to normalize image reference", "invalid reference format", "could not parse image",
                  "repository name must be lowercase", "failed to parse image"},
     .decides = true,
     .is_not = "the registry, the network or a permission: nothing was asked yet",
     .next = "Take the repository's URI, not its ARN: aws ecr describe-repositories --query "
             "'repositories[].repositoryUri'"},
    {.service = "ecr.dkr",
     .blame = Blame::missing,
     .meaning = "the image has no variant for the platform that the task runs on (X86_64 or ARM64, Linux or "
                "Windows)",
     .step = "choosing the image's platform",
     .patterns = {"descriptor matching platform", "no match for platform", "no matching manifest for",
                  "image operating system", "does not match the specified platform",
                  "does not match the detected host platform", "image platform",
                  "operating system does not match the host"},
     .decides = true,
     .codes = {"image-platform-mismatch"},
     .is_not = "the network or a permission: the manifest was read"},
    {.service = "ecr.dkr",
     .blame = Blame::missing,
     .meaning = "the program in the image is built for another processor than the task runs on, or is a "
                "script without a #! line",
     .step = "starting the container",
     .patterns = {"exec format error"},
     .decides = true,
     .codes = {"image-platform-mismatch"},
     .is_not = "the network: the image was pulled"},
    {.blame = Blame::capacity,
     .meaning = "the disk is full: the image does not fit beside what is there",
     .step = "unpacking the image",
     .patterns = {"no space left on device", "not enough disk space", "disk quota exceeded"},
     .decides = true,
     .is_not = "the network or a permission: the layers came",
     .next = "On Fargate raise ephemeralStorage (21 to 200 GiB); on EC2 enlarge the volume, or let the agent "
             "clean up sooner (ECS_IMAGE_CLEANUP_INTERVAL)"},
    {.service = "ecr-public",
     .blame = Blame::connection,
     .wording = "CannotPullContainerError: pull image manifest has been retried … failed to resolve ref …: "
                "failed to do request: Head \"https://{host}/v2/…\": {why}",
     .meaning = "the task has no way to the internet, where this registry is",
     .step = "asking the registry for the image's manifest",
     .patterns = {"public.ecr.aws"},
     .is_not = "an endpoint that is missing: AWS offers none for this registry"},
    {.service = "ecr.dkr",
     .blame = Blame::connection,
     .wording = "CannotPullContainerError: pull image manifest has been retried … failed to resolve ref …: "
                "failed to do request: Head \"https://{host}/v2/…\": {why}",
     .meaning = "the task has no way to the ECR registry",
     .step = "asking the registry for the image's manifest",
     .patterns = {"failed to resolve ref", "image manifest has been retried", "cannotpullimagemanifesterror",
                  "/v2/…/manifests/", "error response from daemon: get", "repository…not found",
                  "api error (404)"},
     .is_not = "the execution role: a call that gets no answer is judged by no policy"},
    {.service = "s3",
     .blame = Blame::connection,
     .wording = "CannotPullContainerError: ref pull has been retried … failed to copy: httpReadSeeker: "
                "failed open: failed to do request: Get …: {why}",
     .meaning = "the manifest came, the layers did not: ECR keeps them in S3, and the task has no way there",
     .step = "fetching the image's layers",
     .patterns = {"httpreadseeker", "httpreaderseeker", "starport-layer-bucket", "failed to copy: http",
                  "error pulling image configuration", "download failed after attempts"},
     .is_not = "the registry or its login: those steps were over"},
    {.service = "s3",
     .blame = Blame::connection,
     .wording = "ResourceInitializationError: failed to download env files: … {why}",
     .reworded =
         "ResourceInitializationError: failed to download env files: The task can't download the environment "
         "variable files from Amazon S3. There is a connection issue between the task and Amazon S3. … {why}",
     .meaning = "the task has no way to S3, where its environment files are",
     .step = "fetching the environment files from S3",
     .patterns = {"download env files", "environment variable files"},
     .is_not = "the bucket or the role: a call that gets no answer is judged by no policy"},
    {.service = "ecr.dkr",
     .blame = Blame::connection,
     .meaning = "the image could not be pulled",
     .step = "pulling the image",
     .patterns = {"cannotpullcontainer", "can't pull the image", "ref pull has been retried",
                  "cannot pull the image", "the task cannot pull", "manifest unknown", "pull access denied",
                  "toomanyrequests", "pull rate limit", "could not transition to pulled"}},

    // ── Logs
    {.blame = Blame::application,
     .meaning = "nothing listens on the log router's socket: the FireLens or fluentd container does not run, "
                "or not yet",
     .step = "connecting to the log router",
     .patterns = {"failed to initialize logging driver…dial unix", "failed to initialize logging driver…127.",
                  "failed to initialize logging driver…dial tcp [::1]",
                  "failed to initialize logging driver…localhost", "fluent.sock"},
     .decides = true,
     .is_not = "CloudWatch Logs, an endpoint or a policy of AWS: the socket is on the task's own host",
     .next = "See why the log router (the container with firelensConfiguration) ended: its own reason and "
             "exitCode; the others can wait for it with dependsOn"},
    {.service = "logs",
     .blame = Blame::configuration,
     .meaning = "the awslogs driver's options are incomplete or wrong",
     .step = "reading the log options",
     .patterns = {"unable to get awslogs driver arguments", "awslogs-region is required",
                  "awslogs-group is required", "awslogs-stream-prefix is required", "unknown log opt",
                  "must specify a value for log opt", "missingendpoint"},
     .decides = true,
     .is_not = "the network or a permission: nothing was asked",
     .next = "Give logConfiguration awslogs-group, awslogs-region (a region's name, no URL) and, on Fargate, "
             "awslogs-stream-prefix"},
    {.service = "logs",
     .blame = Blame::missing,
     .meaning = "the log group is not there",
     .step = "preparing the log stream",
     .patterns = {"resourceinitializationerror: failed to initialize logging driver"},
     .codes = {"log-group-not-found"},
     .is_not = "the network, as far as this text goes"},
    {.service = "logs",
     .blame = Blame::connection,
     .wording = "ResourceInitializationError: failed to validate logger args: … signal: killed",
     .reworded = "ResourceInitializationError: failed to validate logger args: The task cannot find the "
                 "Amazon CloudWatch log group defined in the task definition. There is a connection issue "
                 "between the task and Amazon CloudWatch. Check your network configuration. : signal: killed",
     .meaning = "the task has no way to CloudWatch Logs, whatever it says of the log group",
     .step = "preparing the log stream",
     .patterns = {"failed to validate logger args", "failed to initialize logging driver",
                  "cannot find the amazon cloudwatch log group", "cloudwatch log stream",
                  "cloudwatch log group", "log group does not exist", "awslogs"},
     .is_not = "a missing log group: nobody could be asked about it"},
    {.service = "s3",
     .blame = Blame::connection,
     .meaning = "the task has no way to S3, where its FireLens configuration is",
     .step = "fetching the FireLens configuration from S3",
     .patterns = {"config file from s3", "s3…for firelens", "firelens…from s3"},
     .is_not = "the bucket or the role: a call that gets no answer is judged by no policy"},
    {.blame = Blame::configuration,
     .meaning = "the FireLens router's configuration is wrong or cannot be fetched",
     .step = "preparing FireLens",
     .patterns = {"firelens"},
     .next = "Check firelensConfiguration; a file in S3 is fetched with the task execution role"},

    // ── Starting
    {.blame = Blame::connection,
     .wording = "DockerTimeoutError: Could not transition to started; timed out after waiting 3m0s",
     .meaning =
         "the start took longer than Fargate waits, which is most often a closed way to what the task needs",
     .step = "starting the container",
     .patterns = {"could not transition to started"},
     .codes = {"no-private-names", "all-filtered"},
     .is_not = "by itself a slow image: the limit is minutes"},
    {.blame = Blame::platform,
     .meaning = "the container runtime of the host took too long, most often since its daemon or its disk is "
                "overloaded",
     .step = "asking the container runtime",
     .patterns = {"could not transition to", "dockertimeouterror", "containerruntimetimeouterror",
                  "cannotstopcontainererror…context deadline exceeded",
                  "cannotinspectcontainererror…context deadline exceeded",
                  "cannotcreatecontainererror: error response from daemon: context deadline exceeded",
                  "cannotstartcontainererror: error response from daemon: context deadline exceeded"},
     .decides = true,
     .is_not = "a closed way or a permission: the agent asks the runtime on its own host",
     .next = "On EC2, look at the instance's disk (burst credits, IOPS, space), its CPU and the Docker "
             "daemon's log; on Fargate, start the task again"},
    {.blame = Blame::capacity,
     .meaning = "the container used more memory than it may",
     .step = "running the container",
     .patterns = {"outofmemory", "due to memory usage", "oomkilled", "oom killed"},
     .decides = true,
     .is_not = "the network: the container ran",
     .next = "Raise the task's or container's memory, or find what eats it"},
    {.blame = Blame::application,
     .meaning = "the command or entry point of the image cannot be started",
     .step = "starting the container",
     .patterns = {"executable file not found", "exec:…no such file or directory", "oci runtime create failed",
                  "failed to create task for container", "exec…permission denied", "runc create failed"},
     .decides = true,
     .is_not = "the network: the image was pulled",
     .next = "Run the image elsewhere with the task definition's command and entryPoint"},
    {.blame = Blame::configuration,
     .meaning = "another container or program already uses the port",
     .step = "starting the container",
     .patterns = {"port is already allocated", "address already in use"},
     .decides = true,
     .is_not = "the network or a permission: the port is taken on the host itself",
     .next = "Give hostPort 0 in bridge mode, and each container of a task a port of its own in awsvpc and "
             "host mode"},
    {.blame = Blame::capacity,
     .meaning = "the container ended before its state could be read, most often for lack of memory",
     .step = "starting the container",
     .patterns = {"failed to get container status", "cannotinspectcontainererror"},
     .next = "Look at the container's exit code: 137 is memory"},
    {.service = "ssmmessages",
     .blame = Blame::connection,
     .meaning = "the ECS Exec agent in the task has no connection to ssmmessages, or was not started",
     .step = "opening an ECS Exec session",
     .patterns = {"targetnotconnectedexception", "execute command failed", "executecommand operation",
                  "ssmmessages:"},
     .is_not = "the task itself: it runs"},

    // ── Running
    {.blame = Blame::application,
     .meaning = "a container that another one waits for did not get where it should (dependsOn)",
     .step = "waiting for another container",
     .patterns = {"dependency container", "dependson", "dependency…did not", "taskdependencyerror"},
     .decides = true,
     .is_not = "this container's fault: look at the one it depends on"},
    {.blame = Blame::application,
     .meaning = "the container's own health check failed",
     .step = "the container's health check",
     .patterns = {"failed container health checks", "container health check"},
     .decides = true,
     .is_not = "a closed way of the platform: the image was pulled and the container ran",
     .next = "Run the healthCheck command in the container; look at startPeriod"},
    {.blame = Blame::application,
     .meaning = "the load balancer did not get the answer it wants from the container",
     .step = "the load balancer's health check",
     .patterns = {"failed elb health checks", "is unhealthy in (target-group", "is unhealthy in target-group",
                  "elb health check"},
     .decides = true,
     .is_not = "an endpoint of AWS: the load balancer asks the task, not the task AWS",
     .next = "Let the load balancer's security group in on the container's port, and check path, code and "
             "grace period"},
    {.blame = Blame::platform,
     .meaning = "something inside AWS failed",
     .step = "running the task",
     .patterns = {"internalerror", "infrastructurehealth", "host ec2", "hostconfigerror",
                  "capacity is unavailable at this time"},
     .is_not = "by itself your configuration",
     .next = "Start the task again; if it stays, open a support case with the task's ARN"},
    {.blame = Blame::platform,
     .meaning = "the host was taken back or went away",
     .step = "running the task",
     .patterns = {"spotinterruption", "spot interruption", "spot task was interrupted", "terminationnotice"},
     .decides = true,
     .is_not = "a fault of the task"},

    // ── What only says that it stopped
    {.blame = Blame::consequence,
     .meaning = "a container that the task cannot do without has ended; that container's own reason and exit "
                "code say why",
     .step = "running the task",
     .patterns = {"essential container in task exited", "essential container"},
     .decides = true,
     .is_not = "the cause",
     .next = "Look at each container's reason and exitCode: aws ecs describe-tasks --cluster <cluster> "
             "--tasks <task-arn>"},
    {.blame = Blame::consequence,
     .meaning = "somebody or something stopped the task: a deployment, scaling, or a user",
     .step = "running the task",
     .patterns = {"scaling activity initiated", "task stopped by user", "stopped by user",
                  "unable to consistently start tasks", "deployment ecs-svc/", "userinitiated",
                  "servicescheduler"},
     .decides = true,
     .is_not = "the cause, if tasks fail: look at a task that stopped by itself"},
    {.blame = Blame::consequence,
     .meaning = "the task did not start; the reason beside it says why",
     .step = "starting the task",
     .patterns = {"^taskfailedtostart$", "^task failed to start$", "^task failed to start.$"}},

    // ── A start that failed in words of its own
    {.blame = Blame::connection,
     .meaning = "the task did not start",
     .step = "starting the task",
     .patterns = {"resourceinitializationerror", "cannotstartcontainererror", "cannotcreatecontainererror",
                  "cannotstopcontainererror", "containerruntimeerror", "taskfailedtostart"}},

    // ── What a program itself writes as it ends
    {.blame = Blame::application,
     .meaning = "a program written in Go crashed",
     .step = "running the program",
     .patterns = {"panic: runtime error", "[signal sigsegv"},
     .decides = true,
     .is_not = "an endpoint or a policy of AWS",
     .next = "Its own lines below the word \"goroutine\" say where"},
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

constexpr std::array<std::string_view, 9> kBlames = {"connection",    "permission", "missing",
                                                     "configuration", "limit",      "capacity",
                                                     "application",   "platform",   "consequence"};

}  // namespace

std::string_view to_string(Blame blame) { return kBlames.at(static_cast<std::size_t>(blame)); }

std::span<const EcsMessage> ecs_messages() { return messages; }

std::span<const EcsMessage> ecs_quotes() { return quotes; }

const EcsMessage* find_message(std::string_view line) {
  const auto fits = [line](const EcsMessage& row) {
    return std::any_of(row.patterns.begin(), row.patterns.end(), [line](const char* pattern) {
      return pattern != nullptr && find_fragments(line, pattern) != std::string_view::npos;
    });
  };
  const auto found = std::find_if(std::begin(messages), std::end(messages), fits);
  return found == std::end(messages) ? nullptr : &*found;
}

}  // namespace vpcprobe
